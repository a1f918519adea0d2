using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Says, once in an answer, that not all of what came beside its text is kept.</summary>
internal sealed class LeftOut(IAppender output)
{
    private bool isDue;
    private bool isSaid;

    /// <returns>The text; null: it is longer than so many UTF-8 bytes, and left out.</returns>
    public string? Within(string? text, int bytes)
    {
        isDue |= PartLimits.BytesOf(text) > bytes;
        return TextCut.Within(text, bytes);
    }

    /// <returns>The detail; of one that is too long not all will be kept.</returns>
    public string? Detail(string? detail)
    {
        isDue |= PartLimits.DetailFault(detail) is not null;
        return detail;
    }

    /// <summary>More than these are left out.</summary>
    public IEnumerable<T> Most<T>(IReadOnlyCollection<T> all, int most)
    {
        isDue |= all.Count > most;
        return all.Take(most);
    }

    public async ValueTask SayAsync()
    {
        if (!isDue || isSaid) return;
        isSaid = true;
        var part = output.StartWithinLimits(new PartStart(PartKinds.Error) { Detail = PartLimits.LeftOutDetail });
        await part.AppendAsync(PartLimits.TooLongWords);
        await part.EndAsync();
    }
}
