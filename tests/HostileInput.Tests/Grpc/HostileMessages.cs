using System.Collections;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>Messages of any kind, made by its description: fields that are there or not, each with a value that some
/// code stumbles over.</summary>
internal static class HostileMessages
{
    /// <summary>Streams of texts, of their metadata and of anything; none that the server itself lives by.</summary>
    private static readonly string[] Streams =
    [
        "a", "text-a", "text-.", "text-", "text-" + new string('a', 129), "$$a", "$$text-a", "$$", "$all", "$", "$ce-text", "$$$$a", "grün", "👩‍🚀", "\u202e", "a b", "%00", "..", new string('n', 4_096), new string('n', 4_097), new string('n', 200_000),
    ];

    private static readonly Gen<string> Strings = Gen.Frequency(
        (6, Gen.Elements("a", "b", "counted", "StreamCreated", "ChunkPersisted", "StreamCompleted", "StreamDeleted", "$>", "$metadata", "application/json", "application/octet-stream", Guid.Empty.ToString(), "8e03978e-40d5-43e8-bc93-6894a57f9324", "{8e03978e-40d5-43e8-bc93-6894a57f9324}")),
        (2, Gen.Elements(Streams)),
        (3, Gen.Elements<string>("", "\0", "a\0b", "\n", "\u2028", "\ufeff", "x".PadRight(5_000, 'x'), "^text-", "(a+)+$", "(?<=a)b", "[", "(((((", "a{1000}{1000}", "(?:a{0,1000}){0,1000}", ".*.*.*.*.*x", @"(\w+\s?)+$", @"\1", "(?i)straße", @"(.)\1")));

    private static readonly Gen<byte[]> Bytes = Gen.Frequency(
        (4, Gen.Elements("", "{}", "x", "0@a", "0@", "-1@a", "99@text-good", "9223372036854775807@a", "0@\0", "@", "{\"$maxCount\":1}", "{\"$maxAge\":-1}", "{\"$tb\":9223372036854775807}", "{\"v\":1,\"hash\":\"\"}", "[", "null", new string('[', 10_000)).Select(text => Encoding.UTF8.GetBytes(text))),
        (2, Gen.Elements(Streams).Select(text => Encoding.UTF8.GetBytes(text))),
        (2, Gen.Choose(0, 255).Select(b => (byte)b).ListOf().Select(bytes => bytes.ToArray())),
        (1, Gen.Elements(520_000, 1_048_576, 1_048_577).Select(length => new byte[length])));

    private static readonly Gen<ulong> Numbers = Gen.Frequency(
        (4, Gen.Elements<ulong>(0UL, 1, 2, 10)),
        (3, Gen.Elements<ulong>(ulong.MaxValue, ulong.MaxValue - 1, long.MaxValue, (ulong)long.MaxValue - 1, (ulong)long.MaxValue + 1, uint.MaxValue, int.MaxValue, (ulong)int.MaxValue + 1)));

    /// <summary>Mostly one that is there, or could be.</summary>
    private static readonly Gen<string> Names = Gen.Frequency(
        (8, Gen.Choose(0, 60).SelectMany(number => Gen.Elements($"s{number}", $"text-s{number}", $"$$s{number}"))), (1, Gen.Elements(Streams)));

    /// <summary>Any message of this kind. Of a kind that is one of several, the first mostly comes first.</summary>
    public static Gen<List<IMessage>> Of(MessageDescriptor kind, int count)
    {
        var choices = kind.Oneofs is [var only] && kind.Fields.InFieldNumberOrder().All(field => field.ContainingOneof == only) ? only.Fields : null;
        return Gen.CollectToList(Enumerable.Range(0, count).Select(at => choices is null
            ? Of(kind, depth: 0, kind.Fields.InFieldNumberOrder())
            : Gen.Frequency((8, Of(kind, 0, [choices[at == 0 ? 0 : ^1]])), (1, Of(kind, 0, kind.Fields.InFieldNumberOrder())))));
    }

    private static Gen<IMessage> Of(MessageDescriptor kind, int depth, IEnumerable<FieldDescriptor> fields) =>
        Gen.CollectToList(fields.Select(field => Setting(field, depth)))
            .SelectMany(settings => Gen.Shuffle(settings.ToArray()))
            .Select(settings =>
            {
                var message = kind.Parser.ParseFrom(ReadOnlySpan<byte>.Empty);
                foreach (var setting in settings) setting(message);
                return message;
            });

    /// <summary>Leaves the field out, now and then.</summary>
    private static Gen<Action<IMessage>> Setting(FieldDescriptor field, int depth)
    {
        if (depth > 6) return Gen.Constant<Action<IMessage>>(static _ => { });
        var given = field.IsMap ? Map(field) : field.IsRepeated ? Repeated(field, depth) : Value(field, depth).Select<object, Action<IMessage>>(value => message => field.Accessor.SetValue(message, value));
        return Gen.Frequency((8, given), (1, Gen.Constant<Action<IMessage>>(static _ => { })));
    }

    private static Gen<Action<IMessage>> Repeated(FieldDescriptor field, int depth) =>
        Gen.Choose(0, 4).SelectMany(count => Value(field, depth).ListOf(count)).Select<List<object>, Action<IMessage>>(values => message =>
        {
            foreach (var value in values) ((IList)field.Accessor.GetValue(message)).Add(value);
        });

    /// <summary>What an event says of itself: its type and content type, and nonsense.</summary>
    private static Gen<Action<IMessage>> Map(FieldDescriptor field) =>
        from type in Gen.Frequency((6, Strings), (1, Gen.Constant<string>(null!)))
        from contentType in Gen.Frequency((6, Gen.Elements("application/json", "application/octet-stream", "", "\0")), (1, Gen.Constant<string>(null!)))
        from more in Strings.Two().ListOf()
        select (Action<IMessage>)(message =>
        {
            var map = (IDictionary)field.Accessor.GetValue(message);
            foreach (var (name, value) in more.Take(5)) map[name] = value;
            if (type is not null) map["type"] = type;
            if (contentType is not null) map["content-type"] = contentType;
        });

    private static Gen<object> Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message => Of(field.MessageType, depth + 1, field.MessageType.Fields.InFieldNumberOrder()).Select<IMessage, object>(message => message),
        FieldType.String when field.ContainingType.Name == "UUID" => Gen.Frequency((3, Gen.Fresh(() => (object)Guid.NewGuid().ToString())), (1, Strings.Select<string, object>(text => text))),
        FieldType.String => Strings.Select<string, object>(text => text),
        FieldType.Bytes when field.Name == "stream_name" => Gen.Frequency((8, Names.Select(text => Encoding.UTF8.GetBytes(text))), (1, Bytes)).Select<byte[], object>(ByteString.CopyFrom),
        FieldType.Bytes => Bytes.Select<byte[], object>(ByteString.CopyFrom),
        FieldType.Bool => Gen.Elements<object>(false, true),
        FieldType.Enum => Gen.Elements(0, 0, 0, 1, 1, 2, 99, -1).Select(number => Enum.ToObject(field.EnumType.ClrType, number)),
        FieldType.UInt64 or FieldType.Fixed64 => Numbers.Select<ulong, object>(number => number),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Numbers.Select<ulong, object>(number => unchecked((long)number)),
        FieldType.UInt32 or FieldType.Fixed32 => Numbers.Select<ulong, object>(number => unchecked((uint)number)),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => Numbers.Select<ulong, object>(number => unchecked((int)number)),
        var other => throw new NotSupportedException($"Nothing is made up for a {other}, as {field.FullName} is: say here what."),
    };
}
