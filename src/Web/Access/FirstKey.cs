using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.FileProviders;

namespace EventSourcedStreams.Web;

/// <summary><c>Auth:File</c>: the settings that a first start makes, for containers, which begin with none.</summary>
internal static class FirstKey
{
    private const string KeyName = "first";
    private const string DefaultFolder = "data";

    /// <summary>Adds the file to the configuration. Where it is not there, and nothing else says who may do what, it is
    /// made, with a key of all rights, whose secret is written out this once.</summary>
    /// <exception cref="IOException">It cannot be written, or is not JSON.</exception>
    public static void AddAccessFile(this ConfigurationManager configuration, TextWriter output) =>
        configuration.AddAccessFile(output, folder => WatchedFiles.Below(folder, output));

    /// <param name="filesBelow">The files below a folder, as they are read and watched.</param>
    internal static void AddAccessFile(this ConfigurationManager configuration, TextWriter output, Func<string, IFileProvider> filesBelow)
    {
        if (configuration[$"{AuthSection.Name}:{nameof(AuthSection.File)}"] is not { Length: > 0 } named) return;
        var file = Path.GetFullPath(named, Path.GetFullPath(configuration["Embedded:Path"] is { Length: > 0 } folder ? folder : DefaultFolder));
        if (!File.Exists(file) && AccessSettings.Read(configuration) is { IsNone: false, KnowsCallers: false }) Make(file, output);
        var isRead = false;
        try
        {
            configuration.AddJsonFile(source =>
            {
                (source.Path, source.Optional, source.ReloadOnChange) = (file, true, true);
                source.ResolveFileProvider();
                if (source.FileProvider is PhysicalFileProvider found) source.FileProvider = filesBelow(found.Root);
                source.OnLoadException = failed =>
                {
                    if (isRead) output.WriteLine($"{file} cannot be read, and what it said before stays: {failed.Exception.InnerException?.Message ?? failed.Exception.Message}");
                };
            });
            isRead = true;
        }
        catch (InvalidDataException e)
        {
            throw new IOException($"{AuthSection.Name}:{nameof(AuthSection.File)}: {file} is not JSON: {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    /// <summary>Makes the file, and shows the secret; where another server was first, neither.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal static void Make(string file, TextWriter output)
    {
        var secret = ApiKey.NewSecret();
        var made = new
        {
            Auth = new
            {
                Keys = new Dictionary<string, object> { [KeyName] = new { Hash = ApiKey.HashOf(secret), Rights = "admin" } },
                TokenKeys = new[] { NewTokenKey() },
            },
        };
        try
        {
            if (!TryWrite(file, JsonSerializer.SerializeToUtf8Bytes(made, Indented))) return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{AuthSection.Name}:{nameof(AuthSection.File)}: {file} cannot be written: {e.Message}", e);
        }

        output.WriteLine($"""
            There was no key yet, so one has been made, with all rights. This is shown once:

                {secret}

            Send it as "Authorization: Bearer …". Its settings are in {file}, where more keys may be added.

            """);
    }

    public static string NewTokenKey() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whole or not at all: several servers may start at once on one folder.</summary>
    /// <returns>False: another was first.</returns>
    private static bool TryWrite(string file, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var turn = WaitForTurn($"{file}.lock");
        if (File.Exists(file)) return false;
        var draft = $"{file}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var draftFile = new FileStream(draft, options))
            {
                draftFile.Write(bytes);
                draftFile.Flush(flushToDisk: true);
            }

            File.Move(draft, file);
            return true;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>A move that must not overwrite is a look and a rename, between which another server's may
    /// come.</summary>
    private static FileStream WaitForTurn(string lockFile)
    {
        for (var tries = 0; ; tries++)
            try
            {
                return new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (tries < MostTries)
            {
                Thread.Sleep(BetweenTries);
            }
    }

    /// <summary>10 s at least: the one before writes one small file to the disk, which may be busy.</summary>
    private const int MostTries = 1000;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(10);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
