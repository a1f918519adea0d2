using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.Sqlite;
using Grpc.Core;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>One append a call: the options, then each event, until the client completes.</summary>
internal static class AppendCall
{
    public static async Task<AppendResp> RunAsync(
        SqliteEventStore log, TextWrites texts, IAsyncStreamReader<AppendReq> requests, CancellationToken ct)
    {
        string? stream = null;
        var expected = ExpectedRevision.Any;
        var proposed = new ProposedEvents();
        await foreach (var request in requests.ReadAllAsync(ct))
        {
            if (stream is null)
            {
                if (request.ContentCase != AppendReq.ContentOneofCase.Options) throw Refused.Unusable();
                stream = StreamNames.Read(request.Options.StreamIdentifier);
                proposed.Rules = texts.Of(stream);
                expected = Expected(request.Options);
            }
            else
            {
                if (request.ContentCase != AppendReq.ContentOneofCase.ProposedMessage) throw Refused.Unusable();
                var next = request.ProposedMessage;
                proposed.Add(next.Id, next.Metadata, next.CustomMetadata, next.Data);
            }
        }

        if (stream is null) throw Refused.Unusable();
        var answer = await log.EnqueueAppendAsync(stream, expected, proposed.Events, proposed.Bytes, ct);
        return await answer.WaitAsync(ct) switch
        {
            AppendOutcome.Appended appended => Success(appended),
            AppendOutcome.Lost conflict => Conflict(expected, conflict.Actual),
            AppendOutcome.Deleted => throw Refused.StreamDeleted(stream),
            _ => throw Refused.NotAvailable(),
        };
    }

    private static ExpectedRevision Expected(AppendReq.Types.Options options) => ExpectedRevisions.Read(
        options.HasRevision ? options.Revision : null, options.NoStream, options.Any, options.StreamExists,
        "AppendReq+Types+Options+ExpectedStreamRevisionOneofCase");

    private static AppendResp Success(AppendOutcome.Appended appended)
    {
        var success = new AppendResp.Types.Success
        {
            Position = new AppendResp.Types.Position
            {
                CommitPosition = appended.Position.Commit,
                PreparePosition = appended.Position.Prepare,
            },
        };
        if (appended.Last < 0) success.NoStream = new Empty();
        else success.CurrentRevision = (ulong)appended.Last;
        return new AppendResp { Success = success };
    }

    /// <summary>Says everything twice, for clients of two generations.</summary>
    private static AppendResp Conflict(ExpectedRevision expected, long actual)
    {
        var wrong = new AppendResp.Types.WrongExpectedVersion();
        if (actual < 0)
        {
            wrong.CurrentNoStream = new Empty();
            wrong.NoStream2060 = new Empty();
        }
        else
        {
            wrong.CurrentRevision = (ulong)actual;
            wrong.CurrentRevision2060 = (ulong)actual;
        }

        if (expected == ExpectedRevision.Any)
        {
            wrong.ExpectedAny = new Empty();
            wrong.Any2060 = new Empty();
        }
        else if (expected == ExpectedRevision.StreamExists)
        {
            wrong.ExpectedStreamExists = new Empty();
            wrong.StreamExists2060 = new Empty();
        }
        else
        {
            wrong.ExpectedRevision2060 = unchecked((ulong)expected.Value);
            if (expected == ExpectedRevision.NoStream) wrong.ExpectedNoStream = new Empty();
            else wrong.ExpectedRevision = (ulong)expected.Value;
        }

        return new AppendResp { WrongExpectedVersion = wrong };
    }
}
