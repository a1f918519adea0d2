using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>Bodies that should be an object with some fields: good ones with something wrong in them, and what is no
/// JSON at all.</summary>
internal static class HostileJson
{
    private static readonly Gen<string> Strings = Gen.Elements(
        "", "a", "upload", "demo", "openai", "script", "good", "cancel", "continue", "user:ann", "read", @"\u0000", @"\ud83d", @"\ude00\ud83d", @"\ud83d\ude00", @"\u202e", @"\uffff", @"\r\n\t", @"\\", @"\/", @"\x", @"\u12", "\n", "ä", "日本", "👩‍🚀",
        "<script>", "../..", "%00", "a:b", ":", new string('a', 64), new string('a', 65), new string('a', 128), new string('a', 129), new string('ä', 257), new string('b', 5_000), new string('c', 300_000)).Select(text => $"\"{text}\"");

    private static readonly Gen<string> Numbers = Gen.Elements(
        "0", "-0", "1", "-1", "5", "900", "86400", "86401", "0.5", "1.0", "1e2", "1E400", "-1e400", "1e-400", "9223372036854775807", "9223372036854775808", "-9223372036854775809", new string('9', 5_000), "0." + new string('3', 5_000), "01", ".5", "1.", "+1", "NaN", "Infinity", "0x1");

    private static readonly Gen<string> Scalars = Gen.OneOf(Strings, Numbers, Gen.Elements("null", "true", "false", "tru", "undefined", ""));

    private static readonly Gen<string> Deep = Gen.Elements(3, 61, 62, 63, 64, 65, 200, 20_000)
        .SelectMany(depth => Gen.Elements(("[", "]"), ("{\"a\":", "}")).Select(pair => string.Concat(Enumerable.Repeat(pair.Item1, depth)) + "1" + string.Concat(Enumerable.Repeat(pair.Item2, depth))));

    private static readonly Gen<string> Wide = Gen.Elements(33, 1_000, 30_000).SelectMany(count => Gen.Elements(
        "[" + string.Join(',', Enumerable.Repeat("1", count)) + "]",
        "{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"n{i}\":\"v\"")) + "}",
        "{" + string.Join(',', Enumerable.Repeat("\"n\":1", count)) + "}"));

    private static readonly Gen<string> Values = Gen.Frequency(
        (6, Scalars), (1, Deep), (1, Wide),
        (2, Scalars.ListOf().Select(items => $"[{string.Join(',', items)}]")),
        (3, Members(Strings, Scalars)));

    /// <summary>What is no JSON object, or no text.</summary>
    private static readonly Gen<byte[]> Broken = Gen.Elements(
        [], "{"u8.ToArray(), "}"u8.ToArray(), "[]"u8.ToArray(), "null"u8.ToArray(), "\"\""u8.ToArray(), "{}{}"u8.ToArray(), "{} x"u8.ToArray(), "// a\n{}"u8.ToArray(), "{\"a\":1,}"u8.ToArray(), "{'a':1}"u8.ToArray(), "\uFEFF{}"u8.ToArray(),
        Encoding.Unicode.GetBytes("{}"), [0], [0xFF], [0x7B, 0xC3, 0x28, 0x7D], [.. "{\"id\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8], [.. "{\"id\":\""u8, 0xC0, 0xAF, .. "\"}"u8], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], new byte[1_100_000]);

    /// <summary>What a field may hold, by its name; what another may hold follows from its type.</summary>
    private static readonly Dictionary<string, Gen<string>> Good = new Dictionary<string, Gen<string>>
    {
        ["id"] = Gen.Frequency((2, Gen.Choose(0, int.MaxValue).Select(number => $"\"made-{number}\"")), (1, Gen.Elements("\"good\"", "\"gone\"", "\"none\""))),
        ["source"] = Gen.Constant("\"demo\""),
        ["input"] = Gen.Constant("{\"rate\":100000,\"length\":5}"),
        ["labels"] = Gen.Constant("{\"user\":\"ann\"}"),
        ["idleTimeoutSeconds"] = Gen.Constant("5"),
        ["maxDurationSeconds"] = Gen.Constant("86400"),
        ["retainSeconds"] = Gen.Constant("86400"),
        ["onDisconnect"] = Gen.Constant("\"cancel\""),
        ["label"] = Gen.Constant("\"user:ann\""),
        ["rights"] = Gen.Constant("[\"read\"]"),
        ["seconds"] = Gen.Constant("60"),
    };

    private static readonly string[] Needed = ["source", "label", "rights", "streams"];

    /// <param name="type">As the endpoint describes its body; null: it does not.</param>
    public static Gen<byte[]> Bodies(Type? type)
    {
        var fields = FieldsOf(type);
        var names = fields.Count == 0 ? Strings : Gen.Frequency((8, Gen.Elements<string>(fields.Keys).Select(name => $"\"{name}\"")), (1, Strings));
        return Gen.Frequency(
            (4, Members(names, Values).Select(json => Encoding.UTF8.GetBytes(json))),
            (fields.Count == 0 ? 0 : 8, NearlyGood(fields).Select(json => Encoding.UTF8.GetBytes(json))),
            (2, Members(names, Values).SelectMany(json => Gen.Choose(0, json.Length).Select(length => Encoding.UTF8.GetBytes(json[..length])))),
            (2, Broken),
            (1, Gen.Choose(0, 255).Select(b => (byte)b).ListOf().Select(bytes => bytes.ToArray())));
    }

    private static Dictionary<string, Type> FieldsOf(Type? type) => type is null || type.Namespace?.StartsWith("EventSourcedStreams", StringComparison.Ordinal) != true
        ? []
        : type.GetProperties().ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), property => property.PropertyType);

    /// <summary>Good, or good but for one field.</summary>
    private static Gen<string> NearlyGood(Dictionary<string, Type> fields) =>
        from some in Gen.SubListOf(fields.Keys.Except(Needed))
        from wrong in Gen.Frequency((1, Gen.Constant("")), (2, Gen.Elements<string>(fields.Keys)))
        from values in Gen.CollectToList(some.Concat(Needed.Where(fields.ContainsKey)).Where(name => name != wrong), name => GoodOf(name, fields[name]).Select(value => $"\"{name}\":{value}"))
        from value in Values
        select $"{{{string.Join(',', wrong.Length == 0 ? values : values.Append($"\"{wrong}\":{value}"))}}}";

    private static Gen<string> GoodOf(string name, Type type)
    {
        if (Good.TryGetValue(name, out var known)) return known;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return Strings;
        if (type == typeof(int) || type == typeof(long)) return Gen.Elements("0", "1", "5");
        if (type == typeof(bool)) return Gen.Elements("true", "false");
        if (type.IsGenericType && type.GetGenericArguments() is [var item]) return Gen.Choose(1, 3).SelectMany(count => GoodOf("", item).ListOf(count)).Select(items => $"[{string.Join(',', items)}]");
        var fields = FieldsOf(type);
        return fields.Count == 0 ? Values : NearlyGood(fields);
    }

    private static Gen<string> Members(Gen<string> names, Gen<string> values) =>
        names.SelectMany(name => values.Select(value => $"{name}:{value}")).ListOf().Select(members => $"{{{string.Join(',', members.Take(6))}}}");
}
