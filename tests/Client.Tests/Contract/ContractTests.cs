using EventSourcedStreams.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.Client.Tests.Contract;

/// <summary>The table of cases in <c>tests/ClientContract</c>.</summary>
public sealed class ContractTests(ContractStub stub) : IClassFixture<ContractStub>
{
    /// <summary>Runs of one case at a time.</summary>
    private const int AtOnce = 8;

    public static TheoryData<string> Names => new(ContractCase.All.Select(each => each.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_case_is_passed(string name)
    {
        var wanted = ContractCase.All.Single(each => each.Name == name);
        if (!wanted.IsOfEachByte)
        {
            await RunAsync(wanted, 0);
            return;
        }

        var (variant, isCut) = (0, true);
        while (isCut)
        {
            isCut = (await Task.WhenAll(Enumerable.Range(variant, AtOnce).Select(each => RunAsync(wanted, each)))).All(cut => cut);
            variant += AtOnce;
        }

        variant.Should().BeGreaterThan(200, "the answer has so many bytes");
    }

    [Fact]
    public void There_are_cases() => ContractCase.All.Should().HaveCountGreaterThan(25).And.OnlyHaveUniqueItems(each => each.Name);

    /// <returns>Whether an answer was cut.</returns>
    private async Task<bool> RunAsync(ContractCase wanted, int variant)
    {
        var why = $"variant {variant}";
        var (run, streams) = await stub.BeginAsync(wanted.Name, variant);
        var time = new JumpingTime();
        await using var services = Services(wanted, streams, time);
        var client = services.GetRequiredService<TextStreamsClient>();
        var (text, end, problem) = (wanted.Shown, (StreamEnd?)null, (string?)null);
        var parts = new ShownParts(why);
        var jumpsAt = wanted.Clock is null ? int.MaxValue : wanted.Expect.Text!.Length / 2;
        using var limit = new CancellationTokenSource(Eventually.Limit, TimeProvider.System);
        try
        {
            var updates = wanted.Call is "drive" ? client.DriveAsync("a", wanted.Parts, limit.Token) : client.FollowAsync("a", wanted.After, wanted.Parts, limit.Token);
            await foreach (var update in updates)
            {
                end.Should().BeNull("nothing comes behind the end");
                if (update.Text is { } more)
                {
                    update.Offset.Should().Be(System.Text.Encoding.UTF8.GetByteCount(text), why);
                    text += more;
                }

                if (update.Part is { } part) parts.Take(part);
                end = update.End;
                if (text.Length < jumpsAt) continue;
                jumpsAt = int.MaxValue;
                time.Jump(TimeSpan.FromSeconds(wanted.Clock!.JumpSeconds));
            }
        }
        catch (TextStreamsException e)
        {
            problem = e.Problem.Code;
        }

        var report = await stub.ReportAsync(run);
        var isCut = report.GetProperty("isCut").GetBoolean();
        var requests = report.GetProperty("requests").EnumerateArray().ToList();
        var expected = wanted.Expect;
        problem.Should().Be(expected.Problem, why);
        if (expected.Text is not null) text.Should().Be(expected.Text, why);
        if (expected.Parts is { } wantedParts) parts.All.Should().Equal(wantedParts, why);
        if (expected.Status is not null) end?.Status.ToString().ToLowerInvariant().Should().Be(expected.Status, why);
        (end is null).Should().Be(expected.IsOver || expected.Problem is not null, why);
        end?.Error?.Code.Should().Be(expected.Error, why);
        report.GetProperty("violations").EnumerateArray().Select(each => each.GetString()).Should().BeEmpty(why);
        if (expected.Requests is { } count && (isCut || !wanted.IsOfEachByte)) requests.Should().HaveCount(count, why);
        if (expected.MaxRequests is { } most) requests.Count.Should().BeLessThanOrEqualTo(most, why);
        requests.Exists(each => each.GetProperty("call").GetString() == "page").Should().Be(expected.Pages, why);
        return isCut;
    }

    private static ServiceProvider Services(ContractCase wanted, Uri streams, TimeProvider time)
    {
        var services = new ServiceCollection();
        var given = 0;
        services.AddTextStreamsClient(options =>
        {
            options.BaseAddress = streams;
            options.RetryDelay = TimeSpan.FromMilliseconds(1);
            options.MaxRetryDelay = TimeSpan.FromSeconds(5);
            options.QuietLimit = wanted.QuietMs is { } quiet ? TimeSpan.FromMilliseconds(quiet) : Eventually.Limit;
            options.TimeProvider = time;
            if (wanted.Tokens is [_, ..])
                options.Token = (request, _) => new(wanted.Tokens[request.Refused is null ? given : ++given]);
        });
        return services.BuildServiceProvider();
    }
}
