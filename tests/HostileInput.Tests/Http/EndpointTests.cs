using System.Text;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>Every endpoint of the ready-made host gets what no client should send.</summary>
public sealed class EndpointTests(HostUnderAttack host) : IClassFixture<HostUnderAttack>
{
    private const int CasesOfAnEndpoint = 100;

    /// <summary>What the server may hold more afterwards: streams were created.</summary>
    private const long Slack = 64 * 1024 * 1024;

    private static readonly byte[] GoodRequest = Encoding.ASCII.GetBytes(
        $"GET /v1/streams/{HostUnderAttack.Kept}/text HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {HostUnderAttack.Key}\r\n\r\n");

    [Fact]
    public void Whatever_is_asked_is_answered_in_time_and_in_words_and_the_next_request_as_ever()
    {
        var check = new AnswerCheck(host.Folder);
        RequireKept(host.Port);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var endpoint in host.Endpoints)
        {
            var requests = new EndpointRequests(endpoint);
            Cases.Check(requests.All, CasesOfAnEndpoint, request => request.Smaller(), request => Try(request, check));
        }

        GC.GetTotalMemory(forceFullCollection: true).Should().BeLessThan(before + Slack, "nothing that was asked is kept");
    }

    private void Try(HostileRequest request, AnswerCheck check)
    {
        using var connection = new RawConnection(host.Port);
        connection.Send(Fresh(request).Bytes());
        var answer = RawAnswer.Read(connection, request.IsHead) ?? throw new InvalidOperationException("The connection ended without an answer.");
        if (answer.IsBare && request.IsReadable) throw new InvalidOperationException($"The server could read it, and says nothing: {answer}");
        check.Require(answer, request.IsHead);
        host.Faults.RequireNone();
        if (answer.IsWhole && !answer.Closes) RequireKept(connection);
        else RequireKept(host.Port);
    }

    /// <summary>A text that no attack knows is what it was.</summary>
    internal static void RequireKept(int port)
    {
        using var connection = new RawConnection(port);
        RequireKept(connection);
    }

    /// <summary>What would change a stream meets one that nothing has changed yet.</summary>
    private HostileRequest Fresh(HostileRequest request) =>
        request.Method is "GET" or "HEAD" || !request.Path.Contains($"/{HostUnderAttack.Good}", StringComparison.Ordinal)
            ? request
            : request with { Path = request.Path.Replace($"/{HostUnderAttack.Good}", $"/{host.Fresh()}", StringComparison.Ordinal) };

    private static void RequireKept(RawConnection connection)
    {
        connection.WaitAtMost(RawConnection.Patience);
        connection.Send(GoodRequest);
        var answer = RawAnswer.Read(connection, isHead: false) ?? throw new InvalidOperationException("The good request behind it got no answer.");
        if (answer.Status != 200 || !answer.IsWhole || Encoding.UTF8.GetString(answer.Body) != HostUnderAttack.KeptText)
            throw new InvalidOperationException($"The good request behind it was answered {answer}");
    }
}
