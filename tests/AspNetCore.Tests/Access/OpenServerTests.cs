using EventSourcedStreams.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>Where a server may ask nothing of its callers.</summary>
public sealed class OpenServerTests
{
    private static readonly string Hash = ApiKey.HashOf("a");

    [Theory]
    [InlineData("urls", "http://127.0.0.1:5280", true)]
    [InlineData("urls", "http://localhost:5280;http://[::1]:5281;http://127.8.9.1:1", true)]
    [InlineData("urls", "http://unix:/run/streams.sock", true)]
    [InlineData("urls", "http://0.0.0.0:5280", false)]
    [InlineData("urls", "http://+:8080", false)]
    [InlineData("urls", "http://*:8080", false)]
    [InlineData("urls", "https://[::]:8080", false)]
    [InlineData("urls", "http://streams.example.com:80", false)]
    [InlineData("urls", "http://127.0.0.1:5280;http://10.0.0.1:80", false)]
    [InlineData("http_ports", "8080", false)]
    [InlineData("https_ports", "8443", false)]
    [InlineData("Kestrel:Endpoints:a:Url", "http://0.0.0.0:1", false)]
    [InlineData("Kestrel:Endpoints:a:Url", "http://127.0.0.1:1", true)]
    public void Without_anything_to_know_callers_by_it_starts_on_this_machine_alone(string key, string value, bool starts)
    {
        var starting = () => Check((key, value));
        if (starts) starting.Should().NotThrow().Which.Should().BeTrue("it is open");
        else starting.Should().Throw<InvalidOperationException>().WithMessage("*keys new*Auth:Jwt:Authority*Auth:Mode=none*");
    }

    [Fact]
    public void Keys_go_over_tls_or_the_settings_say_that_they_do()
    {
        var key = (Key: "Auth:Keys:a:Hash", Hash);
        var rights = ("Auth:Keys:a:Rights", "read");

        FluentActions.Invoking(() => Check(("urls", "http://+:80"), key, rights)).Should().Throw<InvalidOperationException>().WithMessage("*Auth:BehindTls*");
        Check(("urls", "http://+:80"), key, rights, ("Auth:BehindTls", "true")).Should().BeFalse();
        Check(("urls", "https://+:443"), key, rights).Should().BeFalse();
        Check(("urls", "http://127.0.0.1:80"), key, rights).Should().BeFalse();
        Check(("urls", "http://+:80"), ("Auth:Mode", "none")).Should().BeTrue();
    }

    [Theory]
    [InlineData("Auth:Mode", "open")]
    [InlineData("Auth:Keys:a:Hash", "ABC")]
    [InlineData("Auth:Keys:a/b:Hash", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Auth:Keys:a__b:Rights", "read")]
    [InlineData("Auth:Keys:anonymous:Rights", "read")]
    [InlineData("Auth:Keys:a:Rights", "reed")]
    [InlineData("Auth:Keys:a:Secret", "x")]
    [InlineData("Auth:TokenKeys:0", "short")]
    [InlineData("Auth:Jwt:Authority", "http://login.example.com")]
    [InlineData("Auth:Jwt:Audience", "streams")]
    [InlineData("Auth:AccessLogRetention", "00:00:01")]
    [InlineData("Auth:Tenant", "x")]
    public void What_is_wrong_is_an_error_that_names_its_key(string key, string value) =>
        FluentActions.Invoking(() => Check((key, value))).Should().Throw<Exception>().WithMessage($"*{key[..key.LastIndexOf(':')]}*");

    [Fact]
    public async Task An_open_server_refuses_what_a_proxy_has_passed_on()
    {
        await using var host = await KeyedHost.StartAsync(new Dictionary<string, string>());

        (await host.StatusAsync("GET", "/v1/streams", null)).Should().Be(200);
        foreach (var header in new[] { "Forwarded", "X-Forwarded-For", "x-forwarded-proto", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Original-For", "X-Real-IP" })
        {
            (await host.StatusAsync("GET", "/v1/streams", null, null, (header, "for=10.0.0.1"))).Should().Be(403, header);
            (await host.StatusAsync("GET", "/", null, null, (header, "for=10.0.0.1"))).Should().Be(403, header);
        }

        (await host.StatusAsync("GET", "/health/ready", null, null, ("X-Forwarded-For", "10.0.0.1"))).Should().Be(200);
    }

    [Fact]
    public async Task With_keys_or_something_in_front_that_checks_them_a_proxy_may_pass_requests_on()
    {
        await using var keyed = await KeyedHost.StartAsync(new Dictionary<string, string> { ["a"] = "list" });
        await using var unchecked_ = await KeyedHost.StartAsync(new Dictionary<string, string>(), new Dictionary<string, string?> { ["Auth:Mode"] = "none" });

        (await keyed.StatusAsync("GET", "/v1/streams", "a", null, ("X-Forwarded-For", "10.0.0.1"))).Should().Be(200);
        (await unchecked_.StatusAsync("GET", "/v1/streams", null, null, ("X-Forwarded-For", "10.0.0.1"))).Should().Be(200);
    }

    [Fact]
    public async Task A_key_that_is_configured_closes_an_open_server_and_its_going_does_not_open_it()
    {
        await using var host = await KeyedHost.StartAsync(new Dictionary<string, string>());
        (await host.StatusAsync("GET", "/v1/streams", null)).Should().Be(200);

        host.Configure(("Auth:Keys:a:Hash", ApiKey.HashOf("a")), ("Auth:Keys:a:Rights", "list"));
        (await host.StatusAsync("GET", "/v1/streams", null)).Should().Be(401);
        (await host.StatusAsync("GET", "/v1/streams", "a")).Should().Be(200);

        host.Configure(("Auth:Keys:a:Rights", "nonsense"));
        (await host.StatusAsync("GET", "/v1/streams", "a")).Should().Be(200, "a configuration with an error in it is not taken");
    }

    [Fact]
    public async Task Guesses_are_limited_and_a_right_key_passes_all_the_same()
    {
        await using var host = await KeyedHost.StartAsync(new Dictionary<string, string> { ["a"] = "list" }, guesses: 3);

        for (var i = 0; i < 3; i++) (await host.StatusAsync("GET", "/v1/streams", $"wrong-{i}")).Should().Be(401);
        using var limited = await host.SendAsync("GET", "/v1/streams", "wrong");

        ((int)limited.StatusCode).Should().Be(429);
        limited.Headers.RetryAfter!.Delta.Should().BePositive();
        (await host.StatusAsync("GET", "/v1/streams", "a")).Should().Be(200);
        (await host.StatusAsync("GET", "/v1/streams", null)).Should().Be(401, "no key is no guess");
    }

    private static bool Check(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(each => KeyValuePair.Create(each.Key, (string?)each.Value))).Build();
        using var access = new CallerAccess(configuration, NullLogger<CallerAccess>.Instance);
        OpenServer.CheckAddresses(access, configuration);
        return access.IsOpen;
    }
}
