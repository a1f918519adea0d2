using EventSourcedStreams.EventStoreServer;
using Google.Protobuf.Reflection;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>Every method that the served log has, by its own description of its services.</summary>
internal static class ServedMethods
{
    public static IReadOnlyList<MethodDescriptor> All { get; } =
    [
        .. typeof(EmbeddedLogServer).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => type.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>()
            .SelectMany(file => file.Services).SelectMany(service => service.Methods),
    ];

    public static string Path(this MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";
}
