using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>As much text as a stream takes, and a byte more, through the embedded log at full speed.</summary>
public abstract class LargeTextTests(ITestLog log) : IAsyncLifetime
{
    private const int MaxLength = 16 * 1024 * 1024;

    private readonly TempFolder folder = new();
    private HostedApp app = null!;

    public async Task InitializeAsync() => app = await HostedApp.StartReadyAsync(log.SettingsFor(folder.Path));

    public async Task DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task An_upload_of_16_MiB_passes()
    {
        var id = await app.Client.CreateAsync(new { source = "upload" });
        var text = Text(MaxLength);
        using var follower = await LiveAnswer.OfAsync(app.Client.FollowAsync(id));

        using var response = await app.Client.PostAsync($"/v1/streams/{id}/drive", new ByteArrayContent(text));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        answer.GetProperty("status").GetString().Should().Be("done");
        answer.GetProperty("length").GetInt64().Should().Be(MaxLength);
        await follower.Over;
        follower.IsCut.Should().BeFalse("text comes in bursts larger than what may wait for it, and it reads as fast as it can");
        follower.Length.Should().Be(MaxLength);
        await ShouldBeStoredAsync(id, text);
    }

    [Fact]
    public async Task A_byte_more_ends_as_too_long_with_the_text_kept()
    {
        var id = await app.Client.CreateAsync(new { source = "upload" });
        var text = Text(MaxLength + 1);

        using var response = await app.Client.PostAsync($"/v1/streams/{id}/drive", new ByteArrayContent(text));

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be("/problems/too-long");
        var stored = await app.Client.GetFromJsonAsync<JsonElement>($"/v1/streams/{id}?text=false");
        stored.GetProperty("status").GetString().Should().Be("error");
        stored.GetProperty("error").GetProperty("code").GetString().Should().Be("too-long");
        await ShouldBeStoredAsync(id, text[..MaxLength]);
    }

    [Fact]
    public async Task An_input_of_100_MB_is_answered_413()
    {
        using var body = new StringContent($$"""{"source":"demo","input":"{{new string('x', 100_000_000)}}"}""", null, "application/json");

        using var response = await app.Client.PostAsync("/v1/streams", body);

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    private static byte[] Text(int length)
    {
        var text = new byte[length];
        for (var i = 0; i < length; i++) text[i] = i % 80 == 79 ? (byte)'\n' : (byte)('a' + (i * 7 % 26));
        return text;
    }

    private async Task ShouldBeStoredAsync(string id, byte[] text)
    {
        var stored = await app.Client.GetByteArrayAsync($"/v1/streams/{id}/text");
        stored.AsSpan().SequenceEqual(text).Should().BeTrue();
    }

    public sealed class OnLocalLog() : LargeTextTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : LargeTextTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : LargeTextTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
