using System.Text.Json;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// A source that is one function of the app's own code and says more than text: what it appends is the text, what it
/// starts stands beside it, its return is the clean end, an exception the error. Any input is taken as it is.
/// </summary>
internal class PartCallbackSource : ITextSource
{
    private readonly Func<SourceRequest, IAppender, CancellationToken, Task> write;

    public PartCallbackSource(string name, Func<SourceRequest, IAppender, CancellationToken, Task> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(write);
        Name = name;
        this.write = write;
    }

    public string Name { get; }

    public void Validate(JsonElement? input) { }

    public SourceDescription Describe(JsonElement? input) => new(Provider: null, Model: null);

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        var writing = write(request, output, ct);
        await writing;
        return writing is Task<SourceResult> { Result: var result } ? result : SourceResult.Ended;
    }
}
