using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>What holds of every answer, whatever was asked.</summary>
internal sealed partial class AnswerCheck
{
    private readonly string folder;
    private readonly HashSet<(int Status, string Type)> documented;

    /// <param name="folder">Where the server keeps its data, which it never says.</param>
    public AnswerCheck(string folder) => (this.folder, documented) = (folder, Documented());

    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void Require(RawAnswer answer, bool isHead)
    {
        Require(answer.Status is >= 200 and < 500, "it is no fault of the server's", answer);
        if (answer.IsBare) return;
        Require(answer["X-Content-Type-Options"] == "nosniff", "its type is what it says", answer);
        Require(answer["Content-Security-Policy"] is not null, "nothing in it is run by a browser", answer);
        var body = Encoding.UTF8.GetString(answer.Body);
        Require(!body.Contains(folder, StringComparison.Ordinal) && !body.Contains("   at ", StringComparison.Ordinal), "it says nothing of the server's inside", answer);
        if (answer.Status < 400) return;
        Require(answer["Content-Type"] == "application/problem+json", "a refusal is a problem", answer);
        if (answer.Status is 405) Require(answer["Allow"] is not null, "it says what may be done", answer);
        if (answer.Status is 401) Require(answer["WWW-Authenticate"] is not null, "it says how to sign in", answer);
        if (answer.Status is 429 or 503) Require(answer["Retry-After"] is not null, "it says when to come again", answer);
        if (isHead) return;
        Require(answer.IsWhole, "a refusal is whole", answer);
        using var problem = JsonDocument.Parse(answer.Body);
        var type = problem.RootElement.GetProperty("type").GetString()!;
        Require(documented.Contains((answer.Status, type)), "its type is documented for its status", answer);
        Require(problem.RootElement.GetProperty("status").GetInt32() == answer.Status, "it names its status", answer);
        foreach (var member in new[] { "title", "detail" })
            Require(problem.RootElement.GetProperty(member).GetString() is { Length: > 0 and < 2_000 }, $"it has a {member}", answer);
    }

    private static void Require(bool holds, string what, RawAnswer answer)
    {
        if (!holds) throw new InvalidOperationException($"Of the answer this should hold: {what}.\n{answer}");
    }

    /// <summary>Out of the table in the API's documentation.</summary>
    private static HashSet<(int, string)> Documented()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "docs", "http-api.md"))) root = root.Parent ?? throw new DirectoryNotFoundException("docs");
        var found = new HashSet<(int, string)>();
        foreach (var row in File.ReadLines(Path.Combine(root.FullName, "docs", "http-api.md")).Where(line => Row().IsMatch(line)))
        {
            // "| 404, 405 | `a`; `b` |": statuses and their types in the same order; a status alone has all types of
            // its row.
            var columns = row.Split('|');
            var statuses = columns[1].Split(',').Select(status => int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            var types = columns[2].Split(statuses.Length > 1 ? ";" : "\n");
            for (var i = 0; i < statuses.Length; i++)
                foreach (Match type in Type().Matches(types[i])) found.Add((statuses[i], $"/problems/{type.Groups[1].Value}"));
        }

        return found.Count > 20 ? found : throw new InvalidDataException("The table of problems is not in docs/http-api.md.");
    }

    [GeneratedRegex(@"^\| [45][0-9][0-9][0-9, ]* \| `")]
    private static partial Regex Row();

    [GeneratedRegex("`([a-z0-9-]+)`")]
    private static partial Regex Type();
}
