
namespace EventSourcedStreams.Domain.Tests;

public sealed class TextBufferTests
{
    [Fact]
    public void Pieces_of_any_length_are_one_text_and_what_is_cleared_is_empty()
    {
        var buffer = new TextBuffer();
        var expected = new System.Text.StringBuilder();
        for (var i = 0; i < 2_000; i++)
        {
            var piece = new string((char)('a' + (i % 26)), i % 90);
            if (i % 2 == 0) buffer.Add(piece);
            else buffer.Add(piece.AsSpan());
            expected.Append(piece);
        }

        buffer.Text.ToString().Should().Be(expected.ToString());
        buffer.RemoveFirst(1_234);
        buffer.Add("end");
        buffer.Text.ToString().Should().Be(expected.ToString(1_234, expected.Length - 1_234) + "end");

        buffer.Clear();
        buffer.Length.Should().Be(0);
        buffer.Add("anew");
        buffer.Text.ToString().Should().Be("anew");
    }
}
