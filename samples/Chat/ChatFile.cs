using System.Text.Json;

namespace EventSourcedStreams.Chat;

/// <summary>
/// The app's own record, a line of JSON for each question, in the order in which they were asked; a real app has a
/// database for it. The answers are in the log.
/// </summary>
internal sealed class ChatFile : IDisposable
{
    private readonly FileStream file;

    private ChatFile(FileStream file, IReadOnlyList<Asked> before) => (this.file, Before) = (file, before);

    /// <summary>What was there when it was opened.</summary>
    public IReadOnlyList<Asked> Before { get; }

    /// <exception cref="InvalidDataException">A line is no question.</exception>
    public static ChatFile Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            return new(file, Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Returns when it is on the disk.</summary>
    public void Append(Asked asked)
    {
        file.Write([.. JsonSerializer.SerializeToUtf8Bytes(asked, JsonSerializerOptions.Web), (byte)'\n']);
        file.Flush(flushToDisk: true);
    }

    public void Dispose() => file.Dispose();

    private static List<Asked> Read(FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);

        // A line without its end was being written when the process died: it was never acknowledged.
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        file.SetLength(whole);
        file.Position = whole;
        var before = new List<Asked>();
        for (int at = 0, end; at < whole; at = end + 1)
        {
            end = Array.IndexOf(bytes, (byte)'\n', at);
            before.Add(Parse(bytes.AsSpan(at..end), before.Count + 1, file.Name));
        }

        return before;
    }

    private static Asked Parse(ReadOnlySpan<byte> line, int number, string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Asked>(line, JsonSerializerOptions.Web) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}, line {number}, is no question: mend the line, or move the file away. {e.Message}", e);
        }
    }
}

/// <summary>A question of a user's, and the stream that answers it.</summary>
/// <param name="InsteadOf">The stream whose place it takes, as its answer failed; null: a new question.</param>
internal sealed record Asked(string User, string Chat, string Question, string Stream, string? InsteadOf = null);
