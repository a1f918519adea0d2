namespace EventSourcedStreams.Domain;

/// <summary>A text of a stream while it is being driven: the body, or one part. All of it under the runner's
/// gate.</summary>
/// <param name="part">Its number; null: the body.</param>
internal class RunningText(int? part)
{
    private SurrogateNormalizer normalizer;

    public int? Part => part;

    public GatheredText Gathered { get; } = new(part);

    public ref SurrogateNormalizer Normalizer => ref normalizer;

    /// <summary>UTF-8 bytes that were taken.</summary>
    public long Bytes { get; set; }

    /// <exception cref="InvalidOperationException">It has no text, or no more.</exception>
    public virtual void CheckTakesText() { }
}
