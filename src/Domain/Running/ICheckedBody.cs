namespace EventSourcedStreams.Domain;

/// <summary>A driving request's body that not every source can take.</summary>
internal interface ICheckedBody
{
    /// <summary>Looks at the source of the stream that is to be claimed, before it is.</summary>
    /// <exception cref="InvalidInputException">Names what to send instead.</exception>
    void Check(ITextSource source);
}
