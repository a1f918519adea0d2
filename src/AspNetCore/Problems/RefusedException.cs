namespace EventSourcedStreams.AspNetCore;

/// <summary>A request that cannot be served, found where no answer can be returned.</summary>
internal sealed class RefusedException(Refusal refusal) : Exception(refusal.Detail)
{
    public Refusal Refusal { get; } = refusal;
}
