using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What a caller may be allowed. <see cref="Admin"/> is all of them.</summary>
internal enum StreamRight
{
    Create,
    Drive,
    Read,
    Cancel,
    Delete,
    List,
    Admin,
}

internal static class StreamRights
{
    private static readonly NameTable<StreamRight> Names = new(
        (StreamRight.Create, "create"), (StreamRight.Drive, "drive"), (StreamRight.Read, "read"), (StreamRight.Cancel, "cancel"),
        (StreamRight.Delete, "delete"), (StreamRight.List, "list"), (StreamRight.Admin, "admin"));

    private static readonly NameTable<StreamRight> Policies = new(
        (StreamRight.Create, TextStreamsPolicies.Create), (StreamRight.Drive, TextStreamsPolicies.Drive), (StreamRight.Read, TextStreamsPolicies.Read),
        (StreamRight.Cancel, TextStreamsPolicies.Cancel), (StreamRight.Delete, TextStreamsPolicies.Delete), (StreamRight.List, TextStreamsPolicies.List),
        (StreamRight.Admin, TextStreamsPolicies.Admin));

    public static IReadOnlyList<StreamRight> All { get; } = Enum.GetValues<StreamRight>();

    /// <summary>As settings, tokens and scopes have it.</summary>
    public static string Name(this StreamRight right) => Names.NameOf(right);

    /// <summary>The name of the policy that decides.</summary>
    public static string Policy(this StreamRight right) => Policies.NameOf(right);

    /// <summary>Null: there is no such right.</summary>
    public static StreamRight? Parse(string name) => Names.Parse(name);
}
