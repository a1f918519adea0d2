using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Chat;

/// <summary>A tool that models may call: the weather of any town, as made up as the towns are.</summary>
/// <param name="pause">How long it takes to look out of the window.</param>
internal sealed class Weather(TimeSpan pause)
{
    public const string Name = "weather";

    private static readonly string[] Skies = ["sunny", "cloudy", "foggy", "rainy", "snowing", "stormy"];

    public AIFunction Tool => AIFunctionFactory.Create(TodayAsync, Name, "The weather of a town, today.");

    private async Task<Today> TodayAsync([Description("The town's name, as Oakhaven.")] string town, CancellationToken ct)
    {
        await Task.Delay(pause, ct);
        var sum = town.Sum(letter => char.ToLowerInvariant(letter));
        return new(town, Skies[sum % Skies.Length], (sum % 35) - 5);
    }

    /// <param name="Degrees">Celsius.</param>
    internal sealed record Today(string Town, string Sky, int Degrees);
}
