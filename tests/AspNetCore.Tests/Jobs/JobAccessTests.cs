using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Access;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Jobs;

/// <summary>Which owner's streams a job concerns, and which callers see it.</summary>
public sealed class JobAccessTests : IAsyncLifetime
{
    private KeyedHost host = null!;

    public async Task InitializeAsync() => host = await KeyedHost.StartAsync(
        new Dictionary<string, string> { ["root"] = "admin", ["acme"] = "admin:acme", ["beta"] = "admin:beta" },
        new Dictionary<string, string?> { ["Auth:AccessLog"] = "true" });

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task A_tenants_key_deletes_its_own_streams_of_a_label_and_leaves_all_others()
    {
        foreach (var key in new[] { "acme", "beta", "root" })
            await host.JsonAsync("POST", "/v1/streams", key, new { id = $"of-{key}", source = "told", labels = new { user = "ann" } });

        var end = await DoneAsync("acme", await DeleteAsync("acme", "user:ann"));

        end.Numbers().Should().Be((1, 1, 0));
        end.GetProperty("by").GetString().Should().Be("acme");
        (await host.StatusAsync("GET", "/v1/streams/of-acme", "root")).Should().Be(410);
        (await host.StatusAsync("GET", "/v1/streams/of-beta", "root")).Should().Be(200);
        (await host.StatusAsync("GET", "/v1/streams/of-root", "root")).Should().Be(200);
    }

    [Fact]
    public async Task Another_tenants_job_is_one_that_never_was()
    {
        var (acmes, roots) = (await DeleteAsync("acme", "user:ann"), await DeleteAsync("root", "user:ann"));

        (await host.StatusAsync("GET", acmes, "acme")).Should().Be(200);
        (await host.StatusAsync("GET", acmes, "root")).Should().Be(200);
        (await host.StatusAsync("GET", acmes, "beta")).Should().Be(404);
        (await host.StatusAsync("GET", roots, "acme")).Should().Be(404);
        (await host.StatusAsync("DELETE", "/v1/streams?label=tenant:beta", "acme")).Should().Be(400);
    }

    [Fact]
    public async Task A_token_of_a_label_deletes_its_own_and_one_of_a_stream_deletes_no_label()
    {
        await host.JsonAsync("POST", "/v1/streams", "root", new { id = "a", source = "told", labels = new { user = "ann", kind = "chat" } });
        await host.JsonAsync("POST", "/v1/streams", "root", new { id = "b", source = "told", labels = new { user = "bob", kind = "chat" } });
        var anns = await host.MintAsync("root", "/v1/tokens", new { label = "user:ann", rights = new[] { "delete", "list", "read" } });
        var ofOne = await host.MintAsync("root", "/v1/streams/a/tokens", new { rights = new[] { "delete", "read" } });

        (await host.StatusAsync("DELETE", "/v1/streams?label=kind:chat", ofOne)).Should().Be(403);
        (await host.StatusAsync("DELETE", "/v1/streams?label=user:bob", anns)).Should().Be(400);
        var end = await DoneAsync(anns, await DeleteAsync(anns, "kind:chat"));

        end.Numbers().Should().Be((1, 1, 0));
        end.GetProperty("by").GetString().Should().StartWith("root/");
        (await host.StatusAsync("GET", "/v1/streams/a", "root")).Should().Be(410);
        (await host.StatusAsync("GET", "/v1/streams/b", "root")).Should().Be(200);
    }

    [Fact]
    public async Task The_record_of_access_has_who_deleted_all_of_a_label()
    {
        await DeleteAsync("acme", "user:ann");

        (await host.RecordAsync()).Should().ContainSingle(record => record.What == "delete-all").Which.Who.Should().Be("acme");
    }

    private async Task<string> DeleteAsync(string credential, string label) =>
        $"/v1/jobs/{(await host.JsonAsync("DELETE", $"/v1/streams?label={label}", credential)).GetProperty("id").GetString()}";

    private async Task<JsonElement> DoneAsync(string credential, string job)
    {
        var last = default(JsonElement);
        await Eventually.UntilAsync("the job is done", async () =>
        {
            last = await host.JsonAsync("GET", job, credential);
            return last.GetProperty("state").GetString() == "done";
        });
        return last;
    }
}
