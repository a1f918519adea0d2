using System.Globalization;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Files of an input.</summary>
internal static class InputFiles
{
    private const string AnyType = "application/octet-stream";

    /// <returns>Null: a model gave it, and nothing of it was kept.</returns>
    public static AIContent? Read(InputPart item)
    {
        if (item.Detail("vectorStoreId") is { } store) return new HostedVectorStoreContent(store);
        if (item.Detail("fileId") is { } id)
        {
            return new HostedFileContent(id)
            {
                MediaType = item.MediaType,
                Name = item.Name,
                SizeInBytes = item.DetailValue("size")?.Long(),
                CreatedAt = item.Detail("createdAt") is { } at && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, out var created) ? created : null,
            };
        }

        if (item.Detail("url") is { } url)
            return AddressOf(item, url) is { } address ? new UriContent(address, item.MediaType ?? AnyType) : throw item.Wrong("Its url is no absolute address.");
        if (!item.HasText && item is { Kind: PartKinds.File, Href: null }) return null;
        if (!item.HasText) throw item.Wrong(item.Href is null ? "A file has its bytes as text, in base64, or a url in its detail." : "A file's bytes are behind its href: fetch them, and give them as text, in base64.");
        try
        {
            return new DataContent(Convert.FromBase64String(item.Text()), item.MediaType ?? AnyType) { Name = item.Name };
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw item.Wrong("Its text is no base64, or its media type is none.");
        }
    }

    /// <summary>A model's own may be relative; what a person sends is fetched by the provider.</summary>
    private static Uri? AddressOf(InputPart item, string url) =>
        item.Kind == PartKinds.File ? GivenAddress.Of(url) : Uri.TryCreate(url, UriKind.Absolute, out var absolute) ? absolute : null;
}
