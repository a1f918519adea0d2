using System.Globalization;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Writes files, errors, and content of types that are not known here.</summary>
internal sealed class ContentWriter(IAppender output, LeftOut leftOut)
{
    public ValueTask WriteAsync(AIContent content) => content switch
    {
        DataContent data => WriteAsync(
            new PartStart(PartKinds.File) { MediaType = data.MediaType, Name = data.Name, Encoding = PartEncoding.Base64 }, data.Base64Data.ToString()),
        UriContent uri => WriteAsync(new PartStart(PartKinds.File) { MediaType = uri.MediaType, Detail = PartDetailJson.Of(("url", uri.Uri.ToString())) }, null),
        HostedFileContent file => WriteAsync(
            new PartStart(PartKinds.File)
            {
                MediaType = file.MediaType,
                Name = file.Name,
                Detail = PartDetailJson.Of(
                    ("fileId", file.FileId), ("size", file.SizeInBytes), ("createdAt", file.CreatedAt?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture))),
            },
            null),
        HostedVectorStoreContent store => WriteAsync(new PartStart(PartKinds.File) { Detail = PartDetailJson.Of(("vectorStoreId", store.VectorStoreId)) }, null),
        ErrorContent error => WriteAsync(
            new PartStart(PartKinds.Error) { Detail = PartDetailJson.Of(("code", error.ErrorCode), ("details", error.Details)) }, error.Message),
        _ => WriteAsync(new PartStart(PartKinds.Data) { Name = content.GetType().Name, Encoding = PartEncoding.Json }, ToolResults.TryJson(content) ?? "{}"),
    };

    private async ValueTask WriteAsync(PartStart start, string? text)
    {
        var part = output.StartWithinLimits(start with { Detail = leftOut.Detail(start.Detail) });
        if (!string.IsNullOrEmpty(text)) await part.AppendInPiecesAsync(text);
        await part.EndAsync();
    }
}
