using System.Text.Json;

namespace EventSourcedStreams.Client.Tests.Contract;

/// <summary>One row of the table that both clients have to pass; the stub reads the rest of it.</summary>
public sealed record ContractCase(string Name, ContractExpectation Expect)
{
    public string Call { get; init; } = "follow";

    public long? After { get; init; }

    /// <summary>What is shown already, of which <see cref="After"/> is the end.</summary>
    public string Shown { get; init; } = "";

    public IReadOnlyList<string> Tokens { get; init; } = [];

    public int? QuietMs { get; init; }

    public ContractClock? Clock { get; init; }

    public bool Parts { get; init; }

    public IReadOnlyList<JsonElement> Faults { get; init; } = [];

    /// <summary>An answer is cut at each of its bytes, in a run of its own.</summary>
    public bool IsOfEachByte => Faults.Any(fault => fault.TryGetProperty("cut", out var cut) && cut.ValueKind is JsonValueKind.String);

    public static IReadOnlyList<ContractCase> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(ContractStub.Folder, "cases"), "*.json").Order(StringComparer.Ordinal)
            .SelectMany(file => JsonSerializer.Deserialize<ContractCase[]>(File.ReadAllBytes(file), JsonSerializerOptions.Web)!),
    ];
}

public sealed record ContractClock(int JumpSeconds);

public sealed record ContractPart(int Part, string Kind, string Text, string State);

public sealed record ContractExpectation
{
    public string? Text { get; init; }

    public string? Status { get; init; }

    public string? Error { get; init; }

    public string? Problem { get; init; }

    public bool IsOver { get; init; }

    public IReadOnlyList<ContractPart>? Parts { get; init; }

    public bool Pages { get; init; }

    public int? Requests { get; init; }

    public int? MaxRequests { get; init; }
}
