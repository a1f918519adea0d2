using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Audit.Terminal;

/// <summary>A file that is read: a pipe or a device may keep its reader for ever.</summary>
internal static class OrdinaryFile
{
    /// <exception cref="AuditException">Something else stands under the name.</exception>
    public static void Require(string path)
    {
        if (FileIdentity.IsSpecial(path)) throw new AuditException($"{path} is no ordinary file. Save it as one first.");
    }
}
