using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Drives a stream without a request; what is driven elsewhere or has ended is followed to its end.</summary>
internal sealed class StreamRun(EngineAccess access, StreamId stream)
{
    public async Task<StreamEnd> RunAsync(Caller caller, CancellationToken ct)
    {
        var engine = access.Current;
        switch (await engine.Drivers.DriveAsync(stream, body: null, contentType: null, wantsText: false, caller, ct))
        {
            case DriveResult.Driving driving:
                return await DrivenAsync(driving.Output, ct) is { } end && StreamEnd.Of(stream, end) is { } known ? known : await FollowedAsync(ct);
            case DriveResult.AlreadyDriven or DriveResult.AlreadyEnded:
                return await FollowedAsync(ct);
            case DriveResult.Deleted:
                return new StreamEnd(stream, StreamStatus.Deleted);
            case DriveResult.UnknownStream:
                throw FollowedStream.Unknown(stream);
            case DriveResult.UnknownSource(var name):
                throw new ArgumentException($"Stream '{stream}' names the source '{name}', which this server does not have.");
            case DriveResult.Unavailable(var why):
                throw new LogUnavailableException(why);
            case var other:
                throw new System.Diagnostics.UnreachableException($"{other} is no answer to a driver.");
        }
    }

    /// <summary>Null: the log went away for so long that it alone knows the ending.</summary>
    private static async Task<DriverEnd?> DrivenAsync(ClientQueue output, CancellationToken ct)
    {
        try
        {
            return await output.ReadToEndAsync(ct);
        }
        finally
        {
            output.Done(); // a caller that has stopped waiting has gone
        }
    }

    private async Task<StreamEnd> FollowedAsync(CancellationToken ct)
    {
        await foreach (var update in new FollowedStream(access, stream, Revision.None).UpdatesAsync(ct))
            if (update.End is { } end) return end;
        throw new LogUnavailableException("The stream's ending is not known yet.");
    }
}
