using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Parts;

/// <summary>What a part is, in a few words. Stored text in it is as it is: the code that shows it makes it
/// harmless.</summary>
internal static class PartTitle
{
    public static string Of(PartStart start)
    {
        var words = new List<string> { start.Kind };
        if (start.Name is { } name) words[0] += " " + EventDetail.Name(name);
        if (start.Of is { } of) words.Add(FormattableString.Invariant($"of part {of}"));
        if (start.CallId is { } call) words.Add("call " + EventDetail.Name(call));
        if (start.MediaType is { } mediaType) words.Add(EventDetail.Name(mediaType));
        if (start.Encoding.Name() is { } encoding) words.Add(encoding);
        return string.Join(", ", words);
    }
}
