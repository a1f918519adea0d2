using System.Reflection;

namespace EventSourcedStreams.Web;

internal static class ServerVersion
{
    /// <summary>As <c>0.1.0</c> or <c>0.1.0-alpha.0.12</c>, without the commit.</summary>
    public static string Text { get; } = typeof(ServerVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
