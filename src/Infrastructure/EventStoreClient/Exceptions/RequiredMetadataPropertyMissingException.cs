namespace EventStore.Client;

/// <summary>An event came without something that each event has, such as its type.</summary>
public class RequiredMetadataPropertyMissingException(string missingMetadataProperty, Exception? innerException = null)
    : Exception($"Required metadata property {missingMetadataProperty} is missing.", innerException);
