using System.CommandLine;
using System.Text.Json.Serialization;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Statements;

/// <summary><c>audit keygen</c>: a pair of keys for statements. What is there is never overwritten.</summary>
internal static class KeygenCommand
{
    public static Command Create(AuditContext context)
    {
        var name = new Option<string>("--out")
        {
            Description = "Where: NAME.key.pem gets the private key, NAME.pub.pem the public one.",
            DefaultValueFactory = _ => "audit",
        };
        var json = new Option<bool>("--json") { Description = "One line of JSON." };
        var command = new Command("keygen", "Make a pair of keys to sign statements with (ECDSA P-256, PEM).") { name, json };
        command.SetAction(parsed => Run(context, parsed.GetRequiredValue(name), parsed.GetValue(json)));
        return command;
    }

    private static int Run(AuditContext context, string name, bool isJson)
    {
        var made = new MadeKeys($"{name}.key.pem", $"{name}.pub.pem", "");
        foreach (var file in new[] { made.PrivateKey, made.PublicKey })
            if (Path.Exists(file)) throw new AuditException($"{file} is there already, and a key is never overwritten. Choose another --out.");

        using var key = StatementKey.New();
        made = made with { PublicKeySha256 = StatementKey.Fingerprint(key) };
        Write(made.PrivateKey, key.ExportPkcs8PrivateKeyPem(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        try
        {
            Write(made.PublicKey, key.ExportSubjectPublicKeyInfoPem(),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        catch
        {
            File.Delete(made.PrivateKey);
            throw;
        }

        if (isJson)
        {
            context.Console.WriteJson(made, KeygenJson.Default.MadeKeys);
            return ExitCode.Ok;
        }

        context.Console.WriteLine($"{made.PrivateKey}: the private key. Keep it away from the machine that it is to be held against.");
        context.Console.WriteLine($"{made.PublicKey}: the public key. Give it to every verifier.");
        context.Console.WriteLine($"SHA-256 of the public key: {made.PublicKeySha256}");
        return ExitCode.Ok;
    }

    /// <summary>Other users cannot read the private key, not even while it is written.</summary>
    private static void Write(string file, string pem, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        using var writer = new StreamWriter(file, options);
        writer.Write(pem);
        writer.Write('\n');
    }
}

/// <summary>The line of <c>keygen --json</c>.</summary>
internal sealed record MadeKeys(string PrivateKey, string PublicKey, string PublicKeySha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MadeKeys))]
internal sealed partial class KeygenJson : JsonSerializerContext;
