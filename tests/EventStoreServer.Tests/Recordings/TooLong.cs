using System.Text;
using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>Requests that were too long to be kept in a recording: one event with 1,100,000 bytes of "x".</summary>
internal static class TooLong
{
    private static readonly ByteString Data = ByteString.CopyFrom(Encoding.ASCII.GetBytes(new string('x', 1_100_000)));

    public static byte[] Message(Recording recording) => recording.Id switch
    {
        "01-append/too-large" => new AppendReq
        {
            ProposedMessage = new AppendReq.Types.ProposedMessage
            {
                Id = Id("00000000-0000-4000-8000-000000000055"),
                Metadata = { ["type"] = "x", ["content-type"] = "application/octet-stream" },
                Data = Data,
            },
        }.ToByteArray(),
        "02-batch-append/too-large" => new BatchAppendReq
        {
            CorrelationId = Id("11111111-0000-4000-8000-000000000028"),
            IsFinal = true,
            Options = new BatchAppendReq.Types.Options
            {
                StreamIdentifier = new StreamIdentifier { StreamName = ByteString.CopyFromUtf8("b-5") },
                Any = new Google.Protobuf.WellKnownTypes.Empty(),
            },
            ProposedMessages =
            {
                new BatchAppendReq.Types.ProposedMessage
                {
                    Id = Id("00000000-0000-4000-8000-0000000000fa"),
                    Metadata = { ["type"] = "x", ["content-type"] = "application/octet-stream" },
                    Data = Data,
                },
            },
        }.ToByteArray(),
        _ => throw new InvalidOperationException($"{recording.Id}: a request is missing."),
    };

    private static UUID Id(string id) => new() { String = id };
}
