namespace EventSourcedStreams.Domain.Tests;

public sealed class AppendIdTests
{
    [Theory]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef", 0, "01234567-89ab-cdef-0123-456789abcdef")]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef", 1, "01234567-89ab-cdef-0123-456789abcdf0")]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef", 0x10000, "01234567-89ab-cdef-0123-456789accdef")]
    [InlineData("01234567-89ab-cdef-0123-4567ffffffff", 2, "01234567-89ab-cdef-0123-456700000001")]
    public void An_events_id_adds_its_index_to_the_last_four_bytes(string append, int index, string expected) =>
        new AppendId(Guid.Parse(append)).EventAt(index).ToString().Should().Be(expected);
}
