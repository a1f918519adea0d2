using System.Text;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.TestKit;
using Google.Protobuf;
using EventId = EventSourcedStreams.Domain.EventId;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>What was done between and beside the recorded calls, as their notes and answers tell.</summary>
internal sealed class Scene(ServedLog served, ManualTime time)
{
    /// <summary>The client had seen enough, so that what else would have come is not known.</summary>
    public static bool WasLeftEarly(Recording recording) => recording.Id is
        "06-subscribe-all/from-start-first-10" or "06-subscribe-all/from-position" or "06-subscribe-all/filter-exclude-system";

    public async Task BeforeAsync(Recording recording)
    {
        switch (recording.Id)
        {
            // Written by the server at its start, and seen by all that read everything.
            case "01-append/ok-no-stream":
                await CopyAsync("04-read-all/forward", "$$$scavenges");
                break;
            case "03b-links/resolve-false":
                await CopyAsync("03b-links/resolve-false", "link-1");
                break;
            case "06-subscribe-all/from-end":
                await AppendAsync("noise-1", 40);
                break;
            case "07-delete/delete-ok-any":
                for (var i = 1; i <= 4; i++) await AppendAsync($"del-{i}", 2);
                break;
            case "07-delete/subscribe-then-tombstone":
                await CopyAsync(recording.Id, "del-6");
                break;
            case "07-delete/subscribe-then-delete":
                await CopyAsync(recording.Id, "del-7", 1);
                break;
            case "08-metadata/read-maxcount":
                await AppendAsync("meta-1", 2);
                await CopyAsync(recording.Id, "meta-1");
                break;
            case "08-metadata/read-maxage-before":
                await CopyAsync(recording.Id, "meta-2");
                break;
            case "08-metadata/read-maxage-after":
                time.Advance(TimeSpan.FromSeconds(2.5));
                break;
        }
    }

    /// <param name="mine">What has come on the call until now.</param>
    public async Task MeanwhileAsync(Recording recording, IReadOnlyList<IMessage> mine)
    {
        var last = (mine[^1] as ReadResp)?.ContentCase;
        switch (recording.Id)
        {
            case "05-subscribe-stream/live" when last == ReadResp.ContentOneofCase.Confirmation:
                await CopyAsync(recording.Id, "live-1", 2);
                break;
            case "05-subscribe-stream/live" when last == ReadResp.ContentOneofCase.CaughtUp:
                await CopyAsync(recording.Id, "live-1", 1, skip: 2);
                break;
            case "06-subscribe-all/filter-live" when last == ReadResp.ContentOneofCase.CaughtUp:
                await AppendAsync("noise-2", 6);
                await CopyAsync(recording.Id, "live2-1");
                await AppendAsync("noise-2", 5);
                break;
            case "07-delete/subscribe-then-tombstone" when last == ReadResp.ContentOneofCase.CaughtUp:
                await served.Log.TombstoneAsync("del-6", ExpectedRevision.Any, new EventId(Guid.NewGuid()), default, CancellationToken.None);
                break;
            case "07-delete/subscribe-then-delete" when last == ReadResp.ContentOneofCase.CaughtUp:
                await served.Log.DeleteAsync("del-7", ExpectedRevision.Any, CancellationToken.None);
                await CopyAsync(recording.Id, "del-7", 1, skip: 1);
                break;
        }
    }

    /// <summary>Appends a stream's events as a recorded answer shows them.</summary>
    private async Task CopyAsync(string recording, string stream, int count = int.MaxValue, int skip = 0)
    {
        var events = Recording.All.Single(one => one.Id == recording).Responses
            .Select(response => ReadResp.Parser.ParseFrom(response).Event?.Event)
            .OfType<ReadResp.Types.ReadEvent.Types.RecordedEvent>()
            .Where(read => read.StreamIdentifier.StreamName.ToStringUtf8() == stream && read.StreamRevision != long.MaxValue)
            .Skip(skip)
            .Take(count)
            .Select(read => new NewEvent(
                new EventId(Guid.Parse(read.Id.String)),
                read.Metadata["type"],
                read.Metadata["content-type"],
                read.Data.Memory,
                read.CustomMetadata.Memory));
        await AppendAsync(stream, [.. events]);
    }

    private Task AppendAsync(string stream, int count) => AppendAsync(
        stream,
        [.. Enumerable.Range(0, count).Select(i => new NewEvent(
            new EventId(Guid.NewGuid()), "noise", "application/json", Encoding.UTF8.GetBytes($$"""{"n":{{i}}}"""), default))]);

    private async Task AppendAsync(string stream, IReadOnlyList<NewEvent> events) =>
        (await served.Log.AppendAsync(stream, ExpectedRevision.Any, events, CancellationToken.None))
            .Should().BeOfType<AppendOutcome.Appended>();
}
