namespace EventSourcedStreams.Sqlite;

/// <summary>The catalog was damaged and begins anew, empty: read its checkpoint, and feed it from there.</summary>
internal sealed class CatalogRemadeException()
    : Exception("The directory was damaged and begins anew: it has to be fed from its checkpoint.");
