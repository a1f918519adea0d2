using System.IO.Pipelines;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace EventSourcedStreams.AspNetCore.Tests.Sending;

/// <summary>How a long answer is handed to the server.</summary>
public sealed class PacedAnswerTests
{
    private readonly DefaultHttpContext http = new();
    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));

    [Fact]
    public void A_client_that_takes_little_is_not_cut_by_the_servers_own_rule_of_so_many_bytes_a_second()
    {
        var rate = new Rate();
        http.Features.Set<IHttpMinResponseDataRateFeature>(rate);

        using var answer = Answer();

        rate.MinDataRate.Should().BeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(32 * 1024)]
    [InlineData(100_000)]
    public async Task Bytes_are_copied_into_blocks_that_with_what_a_chunk_needs_are_no_longer_than_32_KiB(int length)
    {
        var recorded = new RecordingWriter(pipe.Writer);
        http.Features.Set<IHttpResponseBodyFeature>(new Body(recorded));
        var bytes = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();

        using (var answer = Answer())
        {
            (await answer.WriteAtOnceAsync([bytes])).Should().BeTrue();
        }

        recorded.Hints.Should().OnlyContain(hint => hint + 12 <= 32 * 1024);
        await pipe.Writer.CompleteAsync();
        using var sent = new MemoryStream();
        await pipe.Reader.CopyToAsync(sent);
        sent.ToArray().Should().Equal(bytes);
    }

    private PacedAnswer Answer() => new(http, TimeSpan.FromSeconds(10), new ManualTime());

    private sealed class Rate : IHttpMinResponseDataRateFeature
    {
        public MinDataRate? MinDataRate { get; set; } = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }

    private sealed class RecordingWriter(PipeWriter writer) : PipeWriter
    {
        public List<int> Hints { get; } = [];

        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => writer.UnflushedBytes;

        public override void Advance(int bytes) => writer.Advance(bytes);

        public override void CancelPendingFlush() => writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => writer.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => writer.FlushAsync(cancellationToken);

        public override Memory<byte> GetMemory(int sizeHint = 0)
        {
            Hints.Add(sizeHint);
            return writer.GetMemory(sizeHint);
        }

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }

    private sealed class Body(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public PipeWriter Writer => writer;

        public void DisableBuffering() { }

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task CompleteAsync() => Task.CompletedTask;
    }
}
