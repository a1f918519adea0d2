using System.Text;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>What is no HTTP, or is told apart in two ways.</summary>
public sealed class FramingTests(HostUnderAttack host) : IClassFixture<HostUnderAttack>
{
    private const int Connections = 400;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Whatever_comes_on_a_connection_is_answered_and_ends()
    {
        var check = new AnswerCheck(host.Folder);
        Cases.Check(HostileBytes.All, Connections, bytes => bytes.Smaller(), bytes =>
        {
            var isHead = bytes.Text.StartsWith("HEAD ", StringComparison.Ordinal);
            using (var connection = new RawConnection(host.Port))
            {
                connection.Send(Encoding.Latin1.GetBytes(bytes.Text));
                for (var isOver = false; !isOver; isHead = false)
                {
                    if (!connection.Stirs(Glance)) connection.HalfClose();       // it waits for more
                    var answer = RawAnswer.Read(connection, isHead);
                    if (answer is { IsBare: false }) check.Require(answer, isHead);
                    isOver = answer is null;
                }
            }

            host.Faults.RequireNone();
            EndpointTests.RequireKept(host.Port);
        });
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nX")]
    [InlineData("Content-Length: 0\r\nContent-Length: 44\r\n\r\n")]
    [InlineData("Content-Length: 0, 44\r\n\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2;x=\"\r\n\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 0\r\nA: b\rC: d\r\n\r\n")]
    public void What_two_servers_may_tell_apart_otherwise_is_the_last_on_its_connection(string headersAndBody)
    {
        using var connection = new RawConnection(host.Port);
        connection.Send(Encoding.Latin1.GetBytes(
            $"POST /v1/streams HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {HostUnderAttack.Key}\r\nContent-Type: application/json\r\n{headersAndBody}"
            + $"GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {HostUnderAttack.Key}\r\n\r\n"));

        RawAnswer.Read(connection, isHead: false)!.Status.Should().Be(400);
        RawAnswer.Read(connection, isHead: false).Should().BeNull("what stands behind it is no request");
    }
}
