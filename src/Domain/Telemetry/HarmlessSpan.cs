using System.Diagnostics;

namespace EventSourcedStreams.Domain;

/// <summary>A span until it is disposed of, which no listener can keep from ending.</summary>
/// <param name="activity">Null: none is made.</param>
internal readonly struct HarmlessSpan(Activity? activity) : IDisposable
{
    public Activity? Activity => activity;

    public void Dispose() => StreamTracing.End(activity);
}
