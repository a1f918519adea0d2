using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>What a client may write to the streams of texts, and to their metadata: ids, sizes and rules are those of
/// the HTTP API, which has to serve what is written here. What is there already under another name can be read and
/// deleted.</summary>
internal sealed class TextWrites(StreamPrefix prefix)
{
    /// <returns>Null for a stream that is no text.</returns>
    /// <exception cref="Grpc.Core.RpcException">No text can have this name.</exception>
    public TextWrite? Of(string stream)
    {
        var isMetadata = stream.StartsWith(StreamLimitsJson.Prefix, StringComparison.Ordinal);
        var name = isMetadata ? stream[StreamLimitsJson.Prefix.Length..] : stream;
        if (!name.StartsWith(prefix.Texts, StringComparison.Ordinal)) return null;
        var id = name[prefix.Texts.Length..];
        if (!StreamIdGrammar.Allows(id))
            throw Refused.Invalid($"A stream whose name begins with '{prefix.Texts}' holds a text, and an id stands behind that: {StreamIdGrammar.Words}.");
        return isMetadata ? null : new TextWrite(new StreamId(id));
    }
}

/// <summary>What a client may write to one text. Another program's event may stand there too, and is told as such; all
/// else has to be as ours are: what is neither would be read as damage.</summary>
internal sealed class TextWrite(StreamId stream)
{
    /// <exception cref="Grpc.Core.RpcException">Not even this program would have written it.</exception>
    public void Require(NewEvent next)
    {
        if (ForeignEvents.IsForeign(next.Type, next.Metadata)) return;
        if (FaultOf(next) is { } fault)
            throw Refused.Invalid($"A '{ForeignEvents.Shown(next.Type)}' of stream '{stream}' cannot be written: {fault}");
    }

    private string? FaultOf(NewEvent next) =>
        next.ContentType != StoredTypes.Json ? $"its content type is '{next.ContentType}', not '{StoredTypes.Json}'."
        : !EventMetadata.EndsWithHash(next.Metadata) ? "its metadata does not end with a hash, nor is it another program's."
        : KeptFault(next) ?? StreamAdmission.Fault(stream, next.Type, next.Data, next.Metadata);

    private string? KeptFault(NewEvent next) => next.Type == StoredTypes.StreamCreated && StreamIdGrammar.IsKept(stream.Value)
        ? $"{StreamIdGrammar.KeptWords}; what another log has is imported into this one's folder."
        : null;
}
