using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>
/// How many cases are tried, and which. By hand more of them, and others: <c>HOSTILE_CASES=50</c> tries fifty times as
/// many, <c>HOSTILE_SEED=7</c> others. A case that fails is made small and printed; the same seed finds it again.
/// </summary>
internal static class Cases
{
    public static int Factor { get; } = Number("HOSTILE_CASES", 1);

    public static int Seed { get; } = Number("HOSTILE_SEED", 1);

    /// <param name="count">In CI.</param>
    /// <param name="smaller">Of a case that fails, smaller ones that may fail too.</param>
    /// <param name="check">Throws where a case is not answered as it should be.</param>
    public static void Check<T>(Gen<T> cases, int count, Func<T, IEnumerable<T>> smaller, Action<T> check)
    {
        var replay = new Replay(new Rnd((ulong)Seed, 1), FSharpOption<int>.None);
        var config = Config.QuickThrowOnFailure.WithMaxTest(count * Factor).WithReplay(FSharpOption<Replay>.Some(replay)).WithName($"HOSTILE_SEED={Seed}");
        FsCheck.Check.One(config, Prop.ForAll(Arb.From(cases, smaller), check));
    }

    private static int Number(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : usual;
}
