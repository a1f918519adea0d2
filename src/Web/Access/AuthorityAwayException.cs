namespace EventSourcedStreams.Web;

/// <summary>The authority that signs tokens does not say which keys it has.</summary>
internal sealed class AuthorityAwayException(Exception cause) : Exception("The authority that signs tokens cannot be asked for its keys.", cause);
