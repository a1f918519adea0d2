using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>
/// A log that can refuse everything at once and cut off its followers, and can hold another text than was written. One
/// that is silent is a <see cref="FaultyEventStore"/>.
/// </summary>
internal sealed class RefusingLog(IEventStore behind) : DelegatingEventStore(behind)
{
    private CancellationTokenSource going = new();

    /// <summary>An event whose bytes are changed when it is read.</summary>
    public (string Stream, long Revision)? Damaged { get; set; }

    /// <summary>What becomes of its bytes.</summary>
    public Func<string, string> Change { get; set; } = data => data.Replace("Two", "Too", StringComparison.Ordinal);

    public bool IsAway { get; private set; }

    public void GoAway()
    {
        IsAway = true;
        Interlocked.Exchange(ref going, new CancellationTokenSource()).Cancel();
    }

    public void ComeBack() => IsAway = false;

    public override Task<AppendOutcome> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct) =>
        IsAway
            ? Task.FromResult<AppendOutcome>(new AppendOutcome.Unknown("It is away.", null))
            : Behind.AppendAsync(stream, expected, events, ct);

    public override async Task<StoreRead> ReadAsync(
        string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct)
    {
        ThrowIfAway();
        var read = await Behind.ReadAsync(stream, from, forward, maxCount, leader, ct);
        return read is StoreRead.Page page ? page with { Events = [.. page.Events.Select(AsRead)] } : read;
    }

    public override async IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        ThrowIfAway();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(going.Token, ct);
        await using var events = Behind.FollowAsync(stream, from, either.Token).GetAsyncEnumerator(either.Token);
        while (await MoveNextAsync(events, ct)) yield return AsRead(events.Current);
    }

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<StoredEvent> events, CancellationToken ct)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new LogUnavailableException("It went away.");
        }
    }

    private StoredEvent AsRead(StoredEvent stored) => (stored.Stream, stored.Revision) == Damaged
        ? stored with { Data = System.Text.Encoding.UTF8.GetBytes(Change(System.Text.Encoding.UTF8.GetString(stored.Data.Span))) }
        : stored;

    private void ThrowIfAway()
    {
        if (IsAway) throw new LogUnavailableException("It is away.");
    }
}
