namespace EventSourcedStreams.Domain;

/// <summary>What a job does with the streams that it concerns.</summary>
internal enum JobKind
{
    Delete,
    Export,
}

internal static class JobKindNames
{
    /// <summary>As it is stored and sent.</summary>
    public static string Name(this JobKind kind) => kind switch
    {
        JobKind.Delete => "deletion",
        JobKind.Export => "export",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Null: there is no such kind.</summary>
    public static JobKind? Parse(string name) => name switch
    {
        "deletion" => JobKind.Delete,
        "export" => JobKind.Export,
        _ => null,
    };
}
