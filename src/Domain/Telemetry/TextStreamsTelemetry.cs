namespace EventSourcedStreams;

/// <summary>What an app asks its telemetry for: <c>AddSource</c> and <c>AddMeter</c> take the name.</summary>
public static class TextStreamsTelemetry
{
    /// <summary>Of the <c>ActivitySource</c> and of the <c>Meter</c>.</summary>
    public const string Name = "EventSourcedStreams";
}
