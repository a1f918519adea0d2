using System.Text;

namespace EventSourcedStreams.Client.Tests.Contract;

/// <summary>Parts as a follower is told of them, each thing once and in order.</summary>
internal sealed class ShownParts(string why)
{
    private readonly SortedDictionary<int, ContractPart> parts = [];

    public IEnumerable<ContractPart> All => parts.Values.Select(part => part.State == "open" ? part with { State = "cut" } : part);

    public void Take(PartUpdate update)
    {
        if (update.Start is { } start) parts.Add(update.Number, new ContractPart(update.Number, start.Kind, "", "open"));
        var part = parts[update.Number];
        part.State.Should().Be("open", why);
        if (update.Text is { } more)
        {
            update.Offset.Should().Be(Encoding.UTF8.GetByteCount(part.Text), why);
            part = part with { Text = part.Text + more };
        }

        if (update.End is { } end) part = part with { State = end.Error is null ? "done" : "failed" };
        parts[update.Number] = part;
    }
}
