namespace EventSourcedStreams.Client;

/// <summary>Where the streams are, and how patient the client is.</summary>
public sealed class TextStreamsClientOptions
{
    /// <summary>Where streams are served, as <c>https://streams.example.com/v1/streams</c>.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Gives the key or token that a request is sent with, and is asked anew for each, also when a follower
    /// comes again; null, or what gives null: none.</summary>
    public Func<TokenRequest, CancellationToken, ValueTask<string?>>? Token { get; set; }

    /// <summary>For a whole answer, its tries included; following and driving take as long as they do. At least 1 ms;
    /// default 100 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>After how long without a byte an answer of events is taken for lost. The server sends one every 15 s.
    /// Default 45 s.</summary>
    public TimeSpan QuietLimit { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long the server may wait for something to say where answers cannot be read bit by bit, in whole
    /// seconds, up to 60 s; default 25 s.</summary>
    public TimeSpan PageWait { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Tries after the first, of a request that did not get through or was refused for the moment; 0 to 100,
    /// default 5. A follower goes on beyond them.</summary>
    public int Retries { get; set; } = 5;

    /// <summary>Before the first try again, in the middle; it doubles with each. Default 500 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait between two tries, also of what a server asks for by Retry-After; what asks for more
    /// is an error. Default 30 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a follower that gets nothing through goes on trying; default for ever.</summary>
    public TimeSpan GiveUpAfter { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>The clock that waits go by.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
