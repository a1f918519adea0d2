using System.Reflection;

namespace EventSourcedStreams.Audit.Commands;

/// <summary>Which version of this program has made what it signs or hands on, down to the commit; the assembly's own
/// version has 0.0.0 for all before 1.0.</summary>
internal static class ToolVersion
{
    public static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
