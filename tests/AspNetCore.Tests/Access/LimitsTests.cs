using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;
using EventSourcedStreams.Web;
using Microsoft.Extensions.Configuration;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>What a key, a tenant and all together may have.</summary>
public sealed class LimitsTests
{
    private static readonly Dictionary<string, string> Keys = new()
    {
        ["a1"] = "admin:acme",
        ["a2"] = "admin:acme",
        ["b"] = "admin:beta",
    };

    [Theory]
    [InlineData("Key", 4)]
    [InlineData("Tenant", 2)]
    [InlineData("All", 2)]
    public async Task Creations_in_a_minute_are_limited(string holder, int ofAcme)
    {
        await using var host = await StartAsync($"CreationsPerMinute:{holder}", 2);

        var made = 0;
        foreach (var key in new[] { "a1", "a1", "a1", "a2", "a2", "a2" })
            if (await host.StatusAsync("POST", "/v1/streams", key, new { source = "told" }) == 201) made++;
        using var refused = await host.SendAsync("POST", "/v1/streams", "a1", new { source = "told" });

        made.Should().Be(ofAcme);
        ((int)refused.StatusCode).Should().Be(429);
        refused.Headers.RetryAfter!.Delta.Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        (await refused.Content.ReadAsStringAsync()).Should().Contain("/problems/too-many-requests");
        (await host.StatusAsync("POST", "/v1/streams", "b", new { source = "told" })).Should().Be(holder == "All" ? 429 : 201);
        (await host.StatusAsync("GET", "/v1/streams", "a1")).Should().Be(200, "only creating is limited");
    }

    [Fact]
    public async Task A_drive_counts_until_its_stream_has_ended_whoever_is_still_there()
    {
        await using var host = await StartAsync("LiveDrives:Key", 1);
        foreach (var id in new[] { "one", "two", "three" }) await host.JsonAsync("POST", "/v1/streams", "a1", new { id, source = "told" });
        var token = await host.MintAsync("a1", "/v1/streams/two/tokens", new { rights = new[] { "drive" } });
        using (await host.SendAsync("POST", "/v1/streams/one/drive", "a1")) { }  // its driver leaves at once

        (await host.StatusAsync("POST", "/v1/streams/two/drive", "a1")).Should().Be(429);
        (await host.StatusAsync("POST", "/v1/streams/two/drive", token)).Should().Be(429, "a token's drives are its key's");
        (await host.JsonAsync("GET", "/v1/streams/two", "a1")).GetProperty("status").GetString().Should().Be("pending");
        host.Source.For(new("two")).End();
        host.Source.For(new("one")).End();

        await Eventually.UntilAsync("the quota is free again", async () => await host.StatusAsync("POST", "/v1/streams/two/drive", "a1") == 200);
        (await host.StatusAsync("POST", "/v1/streams/none/drive", "a1")).Should().Be(404, "what is not driven takes nothing");
    }

    [Fact]
    public async Task Followers_at_one_time_are_limited_by_key_and_others_are_not_touched()
    {
        await using var host = await StartAsync("Followers:Key", 2);
        await host.JsonAsync("POST", "/v1/streams", "a1", new { id = "a", source = "told" });
        using var first = await LiveAnswer.OfAsync(host.SendAsync("GET", "/v1/streams/a/events", "a1"));
        var second = await host.SendAsync("GET", "/v1/streams/a/events", "a1");

        (await host.StatusAsync("GET", "/v1/streams/a/events", "a1")).Should().Be(429);
        (await host.StatusAsync("GET", "/v1/streams/a/events", "a2")).Should().Be(200);
        second.Dispose();

        await Eventually.UntilAsync("one that leaves makes room", async () => await host.StatusAsync("GET", "/v1/streams/a/events", "a1") == 200);
    }

    [Fact]
    public async Task Text_of_a_day_is_limited_and_the_next_day_begins_anew()
    {
        await using var host = await StartAsync("TextBytesPerDay:Tenant", 10);
        await DriveAsync(host, "one", "Ten bytes.");

        using var refused = await host.SendAsync("POST", "/v1/streams/two/drive", "a1");
        ((int)refused.StatusCode).Should().Be(429);
        refused.Headers.RetryAfter!.Delta.Should().BeLessThanOrEqualTo(TimeSpan.FromDays(1));

        host.Time.Shift(TimeSpan.FromDays(1));
        await DriveAsync(host, "two", "More.");
    }

    [Fact]
    public async Task A_changed_quota_is_taken_without_a_restart_and_a_wrong_one_changes_nothing()
    {
        await using var host = await KeyedHost.StartAsync(Keys);
        Task<int> CreateAsync() => host.StatusAsync("POST", "/v1/streams", "a1", new { source = "told" });
        foreach (var _ in Enumerable.Range(0, 3)) (await CreateAsync()).Should().Be(201);

        host.Configure(("Limits:CreationsPerMinute:Key", "1"));
        (await CreateAsync()).Should().Be(201);
        (await CreateAsync()).Should().Be(429);

        host.Configure(("Limits:CreationsPerMinute:Key", "none"));
        (await CreateAsync()).Should().Be(429, "the quota before stays");

        host.Configure(("Limits:CreationsPerMinute:Key", null), ("Limits:LiveDrives:All", "1"));
        foreach (var id in new[] { "one", "two" }) await host.JsonAsync("POST", "/v1/streams", "a1", new { id, source = "told" });
        (await host.StatusAsync("POST", "/v1/streams/one/drive", "a1")).Should().Be(200);
        (await host.StatusAsync("POST", "/v1/streams/two/drive", "a1")).Should().Be(429);
        host.Configure(("Limits:LiveDrives:All", "2"));
        (await host.StatusAsync("POST", "/v1/streams/two/drive", "a1")).Should().Be(200);
    }

    [Theory]
    [InlineData("Limits:LiveDrives:Key", "0")]
    [InlineData("Limits:LiveDrives:Key", "many")]
    [InlineData("Limits:LiveDrives:Keys", "1")]
    [InlineData("Limits:Drives:Key", "1")]
    public void What_is_wrong_is_an_error_that_names_its_key(string key, string value) =>
        FluentActions.Invoking(() => LimitsSection.Read(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build()))
            .Should().Throw<Exception>().WithMessage($"*{key[..key.LastIndexOf(':')]}*");

    private static async Task DriveAsync(KeyedHost host, string id, string text)
    {
        foreach (var each in new[] { "one", "two" }) await host.JsonAsync("POST", "/v1/streams", "a1", new { id = each, source = "told" });
        HttpResponseMessage? driver = null;
        await Eventually.UntilAsync("it is driven", async () =>
        {
            driver?.Dispose();
            driver = await host.SendAsync("POST", $"/v1/streams/{id}/drive", "a1");
            return driver.IsSuccessStatusCode;
        });
        await host.Source.For(new(id)).SayAsync(text);
        host.Source.For(new(id)).End();
        (await driver!.Content.ReadAsStringAsync()).Should().Be(text);
        driver.Dispose();
        var usage = (TextUsage)host.Services.GetService(typeof(TextUsage))!;
        if (text.Length >= 10)
            await Eventually.UntilAsync("the text is counted", () => usage.IsUsedUp([new QuotaHolder("tenant tenant:acme", 10)]));
    }

    private static Task<KeyedHost> StartAsync(string quota, int most) =>
        KeyedHost.StartAsync(Keys, new Dictionary<string, string?> { [$"Limits:{quota}"] = $"{most}" });
}
