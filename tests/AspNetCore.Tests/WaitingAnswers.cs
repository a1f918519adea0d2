using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>Counts the answers that wait for their clients to take what there is.</summary>
internal sealed class WaitingAnswers : IStartupFilter
{
    private int count;

    public int Count => Volatile.Read(ref count);

    public void Use(IApplicationBuilder app) => app.Use((http, next) =>
    {
        http.Features.Set<IHttpResponseBodyFeature>(new Body(this, http.Features.GetRequiredFeature<IHttpResponseBodyFeature>()));
        return next(http);
    });

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        Use(app);
        next(app);
    };

    private ValueTask<FlushResult> CountedAsync(ValueTask<FlushResult> flush)
    {
        return flush.IsCompleted ? flush : AwaitedAsync();

        async ValueTask<FlushResult> AwaitedAsync()
        {
            Interlocked.Increment(ref count);
            try
            {
                return await flush;
            }
            finally
            {
                Interlocked.Decrement(ref count);
            }
        }
    }

    private sealed class Body(WaitingAnswers all, IHttpResponseBodyFeature inner) : IHttpResponseBodyFeature
    {
        private readonly Waiting writer = new(all, inner.Writer);

        public Stream Stream => inner.Stream;

        public PipeWriter Writer => writer;

        public void DisableBuffering() => inner.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            inner.SendFileAsync(path, offset, count, cancellationToken);

        public Task CompleteAsync() => inner.CompleteAsync();
    }

    private sealed class Waiting(WaitingAnswers all, PipeWriter inner) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => all.CountedAsync(inner.FlushAsync(cancellationToken));

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            all.CountedAsync(inner.WriteAsync(source, cancellationToken));

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
