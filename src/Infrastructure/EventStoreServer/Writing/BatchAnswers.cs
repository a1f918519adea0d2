using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Empty = Google.Protobuf.WellKnownTypes.Empty;
using Status = EventSourcedStreams.EventStoreProtocol.Status;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>What one append of a BatchAppend call is answered: what goes wrong with it is a value, and the call goes
/// on.</summary>
internal sealed class BatchAnswers(UUID correlation, StreamIdentifier? stream)
{
    public BatchAppendResp Of(AppendOutcome result, string name, ExpectedRevision expected) => result switch
    {
        AppendOutcome.Appended appended => Success(appended),
        AppendOutcome.Lost conflict => Conflict(expected, conflict.Actual),
        AppendOutcome.Deleted => Error(
            Code.NotFound, nameof(StreamDeleted), new StreamDeleted { StreamIdentifier = StreamNames.Write(name) }),
        _ => TimedOut(),
    };

    /// <summary>Also where it is not known whether the append was done: the same again finds out.</summary>
    public BatchAppendResp TimedOut() => Error(Code.DeadlineExceeded, nameof(EventStoreProtocol.Timeout), new EventStoreProtocol.Timeout());

    public BatchAppendResp Damaged() => Error(Code.DataLoss, "The log is damaged there.", new Unknown());

    public BatchAppendResp TooLarge(int max) => Error(
        Code.InvalidArgument, nameof(MaximumAppendSizeExceeded), new MaximumAppendSizeExceeded { MaxAppendSize = (uint)max });

    public BatchAppendResp BadRequest(string why) => Error(Code.InvalidArgument, nameof(BadRequest), new BadRequest { Message = why });

    private BatchAppendResp Conflict(ExpectedRevision expected, long actual)
    {
        var wrong = new WrongExpectedVersion();
        if (actual < 0) wrong.CurrentNoStream = new Empty();
        else wrong.CurrentStreamRevision = (ulong)actual;
        if (expected == ExpectedRevision.Any) wrong.ExpectedAny = new Empty();
        else if (expected == ExpectedRevision.StreamExists) wrong.ExpectedStreamExists = new Empty();
        else if (expected == ExpectedRevision.NoStream) wrong.ExpectedNoStream = new Empty();
        else wrong.ExpectedStreamPosition = (ulong)expected.Value;
        return Error(Code.AlreadyExists, nameof(WrongExpectedVersion), wrong);
    }

    private BatchAppendResp Success(AppendOutcome.Appended appended)
    {
        var success = new BatchAppendResp.Types.Success
        {
            Position = new AllStreamPosition { CommitPosition = appended.Position.Commit, PreparePosition = appended.Position.Prepare },
        };
        if (appended.Last < 0) success.NoStream = new Empty();
        else success.CurrentRevision = (ulong)appended.Last;
        var answer = Answer();
        answer.Success = success;
        return answer;
    }

    private BatchAppendResp Error(Code code, string message, IMessage detail)
    {
        var answer = Answer();
        answer.Error = new Status { Code = code, Message = message, Details = Any.Pack(detail) };
        return answer;
    }

    private BatchAppendResp Answer() => new() { CorrelationId = correlation, StreamIdentifier = stream ?? new StreamIdentifier() };
}
