using System.Text.Json;

namespace EventSourcedStreams.Domain.Tests.Values;

/// <summary>What an app's own endpoint answers with, as it stands in JSON.</summary>
public sealed class ValuesInJsonTests
{
    private static readonly StreamSummary Summary = new()
    {
        Id = new("answer-1"),
        Source = "chat",
        CreatedAt = DateTimeOffset.UnixEpoch,
        IdleTimeout = TimeSpan.FromMinutes(20),
        Labels = Labels.From([new("User", "ann"), new("chat", "7")]),
        Status = StreamStatus.Done,
        Revision = Revision.From(12),
        Length = 6,
        Foreign = new("theirs", Revision.None),
    };

    [Fact]
    public void A_stream_with_its_text_is_plain_JSON()
    {
        var body = new StreamBody(Summary, TextPieces.Empty.Add("Kö").Add("ln!"));

        var json = JsonSerializer.SerializeToElement(body, JsonSerializerOptions.Web);

        json.GetProperty("text").GetString().Should().Be("Köln!");
        json.GetProperty("revision").GetInt64().Should().Be(12);
        var summary = json.GetProperty("summary");
        summary.GetProperty("id").GetString().Should().Be("answer-1");
        summary.GetProperty("status").GetString().Should().Be("done");
        summary.GetProperty("labels").GetRawText().Should().Be("""{"User":"ann","chat":"7"}""");
        summary.GetProperty("foreign").GetProperty("revision").GetInt64().Should().Be(-1);
    }

    [Fact]
    public void A_stream_is_the_same_after_a_way_through_JSON()
    {
        var read = JsonSerializer.Deserialize<StreamSummary>(JsonSerializer.Serialize(Summary));

        read.Should().Be(Summary);
        JsonSerializer.Deserialize<TextPieces>("\"a\\nb\"")!.ToString().Should().Be("a\nb");
    }

    [Theory]
    [InlineData(typeof(StreamId), "7")]
    [InlineData(typeof(StreamId), "\"\"")]
    [InlineData(typeof(Revision), "-2")]
    [InlineData(typeof(Revision), "1.5")]
    [InlineData(typeof(Revision), "\"1\"")]
    [InlineData(typeof(StreamStatus), "\"finished\"")]
    [InlineData(typeof(StreamStatus), "2")]
    [InlineData(typeof(Labels), "[]")]
    [InlineData(typeof(Labels), """{"a":1}""")]
    [InlineData(typeof(TextPieces), "{}")]
    public void What_is_no_such_value_is_refused_as_JSON_is(Type type, string json) =>
        FluentActions.Invoking(() => JsonSerializer.Deserialize(json, type)).Should().Throw<JsonException>();
}
