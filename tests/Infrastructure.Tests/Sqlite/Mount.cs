using System.Diagnostics;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>Something mounted on a folder until it is disposed.</summary>
internal sealed class Mount : IDisposable
{
    private readonly string folder;

    private Mount(string folder) => this.folder = folder;

    public static Mount SmallDisk(string folder, string size)
    {
        Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder);
        return new Mount(folder);
    }

    public static Mount ReadOnly(string folder)
    {
        Run("mount", "--bind", folder, folder);
        Run("mount", "-o", "remount,ro,bind", folder);
        return new Mount(folder);
    }

    public void Resize(string size) => Run("mount", "-o", $"remount,size={size}", folder);

    public void Dispose() => Run("umount", folder);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, "{0} {1}: {2}", program, string.Join(' ', arguments), error);
    }
}
