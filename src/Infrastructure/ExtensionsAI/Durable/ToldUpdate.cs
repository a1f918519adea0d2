using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>An update, and the place in the answer behind it.</summary>
internal readonly record struct ToldUpdate(ChatResponseUpdate Update, ContentMark Mark)
{
    /// <summary>What an update costs about, beside its texts.</summary>
    private const int FewChars = 64;

    /// <summary>UTF-16 code units that it counts as, of what may wait.</summary>
    public int Chars => FewChars + Update.Contents.Sum(content => content switch
    {
        TextContent text => text.Text?.Length ?? 0,
        TextReasoningContent thought => (thought.Text?.Length ?? 0) + (thought.ProtectedData?.Length ?? 0),
        DataContent data => data.Data.Length,
        _ => FewChars,
    });
}
