namespace EventSourcedStreams.Domain;

/// <summary>What a job does with the streams that it concerns.</summary>
internal enum JobKind
{
    Delete,
    Export,
}

internal static class JobKindNames
{
    private static readonly NameTable<JobKind> Names = new((JobKind.Delete, "deletion"), (JobKind.Export, "export"));

    /// <summary>As it is stored and sent.</summary>
    public static string Name(this JobKind kind) => Names.NameOf(kind);

    /// <summary>Null: there is no such kind.</summary>
    public static JobKind? Parse(string name) => Names.Parse(name);
}
