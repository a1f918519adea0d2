using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Grpc.Core;

namespace EventSourcedStreams.EventStoreServer;

using Deadline = BatchAppendReq.Types.Options.DeadlineOptionOneofCase;
using Expecting = BatchAppendReq.Types.Options.ExpectedStreamPositionOneofCase;

/// <summary>One append of a BatchAppend call, while its parts come in.</summary>
internal sealed class BatchedAppend
{
    /// <summary>A timer counts no further; a longer limit is none.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private const string OneOf = "BatchAppendReq+Types+Options+ExpectedStreamPositionOneofCase";

    private readonly ProposedEvents proposed = new();
    private readonly TimeProvider time;
    private readonly long begunAt;
    private readonly TimeSpan? limit;

    /// <summary>What it is answered once it is whole, or at once; null while nothing is wrong with it.</summary>
    private BatchAppendResp? refusal;

    public BatchedAppend(BatchAppendReq first, TextWrites texts, TimeProvider time)
    {
        (this.time, begunAt) = (time, time.GetTimestamp());
        var options = first.Options;
        Answers = new BatchAnswers(first.CorrelationId, options.StreamIdentifier);
        if (options.StreamIdentifier is not { StreamName.IsEmpty: false })
        {
            Refuse(Answers.BadRequest("Value cannot be null. (Parameter 'value')"));
            return;
        }

        try
        {
            Stream = StreamNames.Read(options.StreamIdentifier);
            proposed.Rules = texts.Of(Stream);
            Expected = Expectation(options);
            limit = Limit(options, time.GetUtcNow());
        }
        catch (RpcException e)
        {
            Refuse(Answers.BadRequest(e.Status.Detail));
        }
    }

    public BatchAnswers Answers { get; }

    public string Stream { get; } = "";

    public ExpectedRevision Expected { get; }

    /// <summary>Until its deadline, which counts from its first part; null for none.</summary>
    public TimeSpan? Remaining => limit is not { } whole ? null
        : whole - time.GetElapsedTime(begunAt) is { Ticks: > 0 } left ? left
        : TimeSpan.Zero;

    public IReadOnlyList<NewEvent> Events => proposed.Events;

    public int Bytes => proposed.Bytes;

    public BatchAppendResp? Refusal => refusal ?? (Remaining <= TimeSpan.Zero ? Answers.TimedOut() : null);

    public void Add(IEnumerable<BatchAppendReq.Types.ProposedMessage> messages)
    {
        if (refusal is not null) return;
        try
        {
            foreach (var next in messages) proposed.Add(next.Id, next.Metadata, next.CustomMetadata, next.Data);
        }
        catch (RpcException e)
        {
            Refuse(e.Trailers.GetValue("exception") switch
            {
                "maximum-append-size-exceeded" => Answers.TooLarge(proposed.MaxBytes),
                "missing-required-metadata-property" => Answers.BadRequest("The given key was not present in the dictionary."),
                _ => Answers.BadRequest(e.Status.Detail),
            });
        }
    }

    /// <summary>Of none EventStoreDB tells here as of a failure within.</summary>
    private static ExpectedRevision Expectation(BatchAppendReq.Types.Options options) =>
        options.ExpectedStreamPositionCase is Expecting.None
            ? throw Refused.Invalid($"Status(StatusCode=\"InvalidArgument\", Detail=\"{ExpectedRevisions.NoneOf(OneOf)}\")")
            : ExpectedRevisions.Read(
                options.HasStreamPosition ? options.StreamPosition : null, options.NoStream, options.Any, options.StreamExists, OneOf);

    private static TimeSpan? Limit(BatchAppendReq.Types.Options options, DateTimeOffset now)
    {
        var seconds = options.DeadlineOptionCase switch
        {
            Deadline.Deadline => options.Deadline.Seconds + (options.Deadline.Nanos / 1e9),
            Deadline.Deadline21100 => options.Deadline21100.Seconds + (options.Deadline21100.Nanos / 1e9) - (now.ToUnixTimeMilliseconds() / 1e3),
            _ => double.PositiveInfinity,
        };
        return seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(seconds, 0)) : null;
    }

    private void Refuse(BatchAppendResp answer) => refusal = answer;
}
