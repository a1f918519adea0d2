namespace EventSourcedStreams.Domain.Tests.Telemetry;

public sealed class FaultTraceTests
{
    private const string Secret = "the-secret";

    [Fact]
    public void Types_and_the_way_to_the_fault_are_told_and_no_words()
    {
        var fault = Thrown();

        FaultTrace.TypesOf(fault).Should().Be("System.InvalidOperationException <- System.ArgumentException");
        FaultTrace.StackOf(fault).Should().Contain(nameof(Innermost)).And.NotContain(Secret);
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            Innermost();
            throw new InvalidOperationException("It should have thrown.");
        }
        catch (ArgumentException e)
        {
            return new InvalidOperationException(Secret, e);
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Innermost() => throw new ArgumentException(Secret);
}
