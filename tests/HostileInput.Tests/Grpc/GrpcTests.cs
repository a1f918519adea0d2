using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Google.Protobuf;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>The served log gets what no client of EventStoreDB sends.</summary>
public sealed class GrpcTests(HostUnderAttack host) : IClassFixture<HostUnderAttack>
{
    private const int CasesOfAMethod = 80;
    private const int Connections = 150;

    /// <summary>EventStoreDB's own words for what its handlers stumble over; ours, where it is a fault of the server's,
    /// are others, and stand in its log.</summary>
    private static readonly string[] OfEventStoreDb = ["Exception was thrown by handler.", "Unexpected ReadStreamResult: Error", "Unexpected ReadAllResult: Error"];

    /// <summary>Of what was sent, by gRPC's own server or by ours.</summary>
    private static readonly string[] OfNoMessage = ["What came is no message of this method.", "Exception was thrown by handler."];

    [Fact]
    public async Task Whatever_is_called_ends_in_time_with_a_status_and_the_next_call_as_ever()
    {
        using var caller = new GrpcCaller(host.GrpcPort);
        var kept = await RequireKeptAsync(caller, write: true);
        ServedMethods.All.Should().HaveCountGreaterThan(6);
        foreach (var method in ServedMethods.All)
            Cases.Check(HostileCall.Of(method), CasesOfAMethod, call => call.Smaller(), call => TryAsync(caller, call, kept).GetAwaiter().GetResult());
        await RequireServedAsync();
    }

    [Fact]
    public void Whatever_a_connection_holds_it_ends_and_others_go_on()
    {
        using var caller = new GrpcCaller(host.GrpcPort);
        Cases.Check(HostileFrames.All, Connections, frames => frames.Smaller(), frames =>
        {
            using (var connection = new RawConnection(host.GrpcPort))
            {
                connection.Send(frames.Bytes);
                connection.HalfClose();
                connection.ReadToEnd();
            }

            host.Faults.RequireNone();
            caller.CallAsync("/event_store.client.gossip.Gossip/Read", [[0, 0, 0, 0, 0]], []).GetAwaiter().GetResult()!.Status.Should().Be("0");
        });
    }

    /// <summary>Whatever was written over gRPC, the HTTP API serves it, or says why not.</summary>
    private async Task RequireServedAsync()
    {
        var served = 0;
        foreach (var id in await host.ListedAsync())
        {
            foreach (var path in new[] { "", "/text", "/events", "?at=0&text=false" })
            {
                var status = await host.StatusAsync($"/v1/streams/{id}{path}");
                status.Should().BeOneOf([200, 204, 404, 409, 410], "of {0}{1}", id, path);
                if (path.Length == 0 && status != 200) served++;
            }
        }

        host.Faults.RequireNone();
        served.Should().BeGreaterThan(0, "texts were written to");
    }

    private async Task TryAsync(GrpcCaller caller, HostileCall call, byte[] kept)
    {
        var isTimed = call.Headers[^1].Value is "50m" or "200m";
        var answer = await caller.CallAsync(call.Path, call.Frames, call.Headers, endless: !isTimed);
        if (answer is not null) Require(answer);
        host.Faults.RequireNone();
        (await RequireKeptAsync(caller, write: false)).Should().Equal(kept);
    }

    private static void Require(GrpcAnswer answer)
    {
        answer.HttpStatus.Should().BeInRange(200, 499);
        if (answer.HttpStatus != 200) return;
        answer.Status.Should().NotBeNull("a call ends with a status");
        if (answer.Status == "2") answer.Words.Should().BeOneOf(OfEventStoreDb);
        if (answer.Status == "13") answer.Words.Should().Match(words => OfNoMessage.Contains(words) || words.Contains("message") || words.Contains("ompress"));
        if (answer.Status is not ("0" or "reset")) answer.Words.Should().NotBeEmpty();
    }

    /// <summary>An event that no attack names is read as it was written.</summary>
    private static async Task<byte[]> RequireKeptAsync(GrpcCaller caller, bool write)
    {
        var name = new StreamIdentifier { StreamName = ByteString.CopyFromUtf8("kept") };
        if (write)
        {
            var appended = await caller.CallAsync("/event_store.client.streams.Streams/Append",
            [
                Framed(new AppendReq { Options = new() { StreamIdentifier = name, NoStream = new() } }),
                Framed(new AppendReq { ProposedMessage = new() { Id = new UUID { String = Guid.NewGuid().ToString() }, Metadata = { ["type"] = "kept", ["content-type"] = "application/json" }, Data = ByteString.CopyFromUtf8("{}") } }),
            ], []);
            appended!.Status.Should().Be("0", appended.Words);
        }

        var read = new ReadReq.Types.Options { Stream = new() { StreamIdentifier = name, Start = new() }, Count = 10, NoFilter = new(), UuidOption = new() { String = new() } };
        var answer = await caller.CallAsync("/event_store.client.streams.Streams/Read", [Framed(new ReadReq { Options = read })], []);
        answer!.Status.Should().Be("0", answer.Words);
        answer.Body.Should().NotBeEmpty();
        return answer.Body;
    }

    private static byte[] Framed(IMessage message)
    {
        var bytes = message.ToByteArray();
        return [0, (byte)(bytes.Length >> 24), (byte)(bytes.Length >> 16), (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }
}
