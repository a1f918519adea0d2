using EventSourcedStreams.TestKit;
using EventSourcedStreams.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>What makes secrets, and shows them once.</summary>
public sealed class FirstKeyTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_first_start_makes_a_key_and_shows_it_and_later_ones_take_it()
    {
        var (first, again) = (new StringWriter(), new StringWriter());

        var settings = Start(first);
        var later = Start(again);

        var secret = first.ToString().Split('\n').Select(line => line.Trim()).Single(line => line.StartsWith("ess_", StringComparison.Ordinal));
        settings.Find(secret)!.Rights.Should().Be("admin");
        later.Find(secret)!.Name.Should().Be("first");
        later.TokenKeys.Should().ContainSingle().Which.Length.Should().BeGreaterThan(AccessSettings.LeastTokenKeyChars);
        again.ToString().Should().BeEmpty();
        var file = Path.Combine(folder.Path, "access.json");
        File.ReadAllText(file).Should().NotContain(secret);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(folder.Path).Should().ContainSingle();
    }

    [Theory]
    [InlineData("Auth:Mode", "none")]
    [InlineData("Auth:Jwt:Authority", "https://login.example.com")]
    [InlineData("Auth:Keys:a:Rights", "read")]
    public void Where_something_says_who_may_do_what_no_key_is_made(string key, string value)
    {
        var output = new StringWriter();

        Start(output, (key, value), ("Auth:Jwt:Audience", key.Contains("Jwt", StringComparison.Ordinal) ? "streams" : null),
            ("Auth:Keys:a:Hash", key.Contains("Keys", StringComparison.Ordinal) ? ApiKey.HashOf("a") : null));

        output.ToString().Should().BeEmpty();
        Directory.GetFiles(folder.Path).Should().BeEmpty();
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error_that_names_it()
    {
        File.WriteAllText(Path.Combine(folder.Path, "access.json"), "{ \"Auth\": ");

        FluentActions.Invoking(() => Start(new StringWriter())).Should().Throw<IOException>().WithMessage("Auth:File: *access.json*");
    }

    [Fact]
    public async Task Where_no_watch_is_left_the_file_is_polled_and_a_change_is_taken_all_the_same()
    {
        var output = new StringWriter();
        var file = Path.Combine(folder.Path, "access.json");
        await File.WriteAllTextAsync(file, "{}");
        using var configuration = new ConfigurationManager();
        (configuration["Auth:File"], configuration["Embedded:Path"], configuration["Auth:Mode"]) = ("access.json", folder.Path, "none");

        configuration.AddAccessFile(output, below => new WatchedFiles(
            new FilesWithoutWatches(below), new PhysicalFileProvider(below) { UsePollingFileWatcher = true, UseActivePolling = true }, output));

        output.ToString().Should().Be($"Changes of access.json cannot be watched, so it is looked at every few seconds instead: No watch is left.{Environment.NewLine}");
        await File.WriteAllTextAsync(file, """{ "Auth": { "Keys": { "late": { "Rights": "read" } } } }""");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddSeconds(5));           // the clock of files may be coarse
        await Eventually.UntilAsync("it is taken", () => configuration["Auth:Keys:late:Rights"] == "read");
        output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle();
    }

    [Fact]
    public async Task Of_servers_that_start_at_once_on_one_file_one_makes_the_key()
    {
        var outputs = Enumerable.Range(0, 8).Select(_ => new StringWriter()).ToArray();

        var started = await AtOnceAsync(outputs, output => Start(output));

        outputs.Count(output => output.ToString().Length > 0).Should().Be(1);
        started.Select(settings => settings.Keys.Single().Hash).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task The_secret_that_is_shown_is_the_one_in_the_file_however_many_write_at_once()
    {
        for (var round = 0; round < 200; round++)
        {
            var file = Path.Combine(folder.Path, $"{round}", "access.json");
            var outputs = Enumerable.Range(0, 8).Select(_ => new StringWriter()).ToArray();

            await AtOnceAsync(outputs, output => Made(file, output));

            var shown = outputs.Select(output => output.ToString()).Where(output => output.Length > 0).Should().ContainSingle().Subject;
            var secret = shown.Split('\n').Select(line => line.Trim()).Single(line => line.StartsWith("ess_", StringComparison.Ordinal));
            File.ReadAllText(file).Should().Contain(ApiKey.HashOf(secret));
            Directory.GetFiles(Path.GetDirectoryName(file)!).Should().ContainSingle();
        }
    }

    [Fact]
    public void The_command_prints_a_secret_and_the_settings_that_know_it()
    {
        var output = new StringWriter();

        KeysCommand.Run(["new", "web", "--rights", "read, create", "--tenant", "acme"], output, new StringWriter()).Should().Be(0);

        var lines = output.ToString().Split('\n').Select(line => line.Trim()).ToArray();
        var secret = lines.Single(line => line.StartsWith("ess_", StringComparison.Ordinal));
        lines.Should().Contain([$"Auth__Keys__web__Hash={ApiKey.HashOf(secret)}", "Auth__Keys__web__Rights=create,read", "Auth__Keys__web__Tenant=acme"]);
    }

    [Theory]
    [InlineData]
    [InlineData("new")]
    [InlineData("new", "web")]
    [InlineData("new", "web", "--rights")]
    [InlineData("new", "web", "--rights", "write")]
    [InlineData("new", "a/b", "--rights", "read")]
    [InlineData("old", "web", "--rights", "read")]
    public void A_command_that_is_not_right_says_so_and_makes_nothing(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());

        KeysCommand.Run(args, output, error).Should().Be(1);

        output.ToString().Should().BeEmpty();
        error.ToString().Should().NotBeEmpty();
    }

    private static StringWriter Made(string file, StringWriter output)
    {
        FirstKey.Make(file, output);
        return output;
    }

    /// <summary>Each on a thread of its own: they hold it while they wait for their turn, and the pool's would be
    /// missed by all tests.</summary>
    private static Task<T[]> AtOnceAsync<T>(IEnumerable<StringWriter> outputs, Func<StringWriter, T> make) => Task.WhenAll(outputs.Select(output =>
        Task.Factory.StartNew(() => make(output), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private AccessSettings Start(TextWriter output, params (string Key, string? Value)[] settings)
    {
        using var configuration = new ConfigurationManager();
        foreach (var (key, value) in (IEnumerable<(string Key, string? Value)>)[("Auth:File", "access.json"), ("Embedded:Path", folder.Path), .. settings])
            if (value is not null) configuration[key] = value;
        configuration.AddAccessFile(output);
        return AccessSettings.Read(configuration);
    }

    private sealed class FilesWithoutWatches(string folder) : IFileProvider
    {
        private readonly PhysicalFileProvider files = new(folder);

        public IDirectoryContents GetDirectoryContents(string subpath) => files.GetDirectoryContents(subpath);

        public IFileInfo GetFileInfo(string subpath) => files.GetFileInfo(subpath);

        public IChangeToken Watch(string filter) => throw new IOException("No watch is left.");
    }
}
