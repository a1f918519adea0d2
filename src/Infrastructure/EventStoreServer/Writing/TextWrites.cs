using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>What a client may write to the streams of texts, and to their metadata: ids and sizes are those of the HTTP
/// API, which has to serve what is written here. What is there already under another name can be read and
/// deleted.</summary>
internal sealed class TextWrites(StreamPrefix prefix)
{
    /// <returns>The most bytes of data and metadata in one append to this stream; null: the protocol's own limit.</returns>
    /// <exception cref="Grpc.Core.RpcException">No text can have this name.</exception>
    public int? Allow(string stream)
    {
        var isMetadata = stream.StartsWith(StreamLimitsJson.Prefix, StringComparison.Ordinal);
        var name = isMetadata ? stream.AsSpan(StreamLimitsJson.Prefix.Length) : stream;
        if (!name.StartsWith(prefix.Texts, StringComparison.Ordinal)) return null;
        if (!StreamIdGrammar.Allows(name[prefix.Texts.Length..].ToString()))
            throw Refused.Invalid($"A stream whose name begins with '{prefix.Texts}' holds a text, and an id stands behind that: {StreamIdGrammar.Words}.");
        return isMetadata ? null : TextLimits.AppendBytes;
    }
}
