using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary><c>keys new NAME --rights … [--tenant …]</c>, <c>keys token-key</c>: make secrets, and keep none.</summary>
internal static class KeysCommand
{
    private const string Usage = "keys new NAME --rights RIGHTS [--tenant TENANT], or keys token-key";

    /// <returns>The process's exit code.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        switch (args)
        {
            case ["token-key"]:
                output.WriteLine($"Auth__TokenKeys__0={FirstKey.NewTokenKey()}");
                return 0;
            case ["new", var name, .. var options] when TryRead(options, out var key):
                return New(name, key, output, error);
            default:
                error.WriteLine($"The command is {Usage}. Rights, with commas, are {Names}.");
                return 1;
        }
    }

    private static string Names => string.Join(", ", StreamRights.All.Select(right => right.Name()));

    private static int New(string name, AuthSection.KeySection key, TextWriter output, TextWriter error)
    {
        var secret = ApiKey.NewSecret();
        key.Hash = ApiKey.HashOf(secret);
        var written = new AuthSection { Keys = { [name] = key } };
        foreach (var wrong in AccessRules.Errors(written)) error.WriteLine(wrong);
        if (AccessRules.Errors(written).Any()) return 1;
        output.WriteLine($"""
            The secret, which is shown this once; send it as "Authorization: Bearer …":

                {secret}

            The server's settings, as environment variables, or as Auth:Keys:{name} in its appsettings.json:

                Auth__Keys__{name}__Hash={key.Hash}
                Auth__Keys__{name}__Rights={AccessRules.RightsOf(key)}
            """);
        if (key.Tenant is not null) output.WriteLine($"    Auth__Keys__{name}__Tenant={key.Tenant}");
        return 0;
    }

    private static bool TryRead(string[] options, out AuthSection.KeySection key)
    {
        key = new AuthSection.KeySection();
        for (var i = 0; i + 1 < options.Length; i += 2)
        {
            switch (options[i])
            {
                case "--rights": key.Rights = options[i + 1]; break;
                case "--tenant": key.Tenant = options[i + 1]; break;
                default: return false;
            }
        }

        return options.Length % 2 == 0 && key.Rights is not null;
    }
}
