namespace EventSourcedStreams.Domain;

/// <summary>What listeners of an app's own are told of when it is made: one that throws then costs the instrument
/// alone.</summary>
internal static class Harmless
{
    /// <returns>Null: a listener threw when it was told of it.</returns>
    public static T? Made<T>(Func<T> make)
        where T : class
    {
#pragma warning disable CA1031 // Whatever a listener throws is its own trouble.
        try
        {
            return make();
        }
        catch (Exception)
        {
            return null;
        }
#pragma warning restore CA1031
    }
}
