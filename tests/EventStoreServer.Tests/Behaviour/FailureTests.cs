using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.EventStoreServer.Tests;

public sealed class FailureTests
{
    [Fact]
    public async Task What_the_handler_throws_stays_in_the_process()
    {
        var calls = new ServedCalls(NullLogger.Instance, CancellationToken.None);

        var failing = () => calls.RunAsync(new Context(), _ => throw new InvalidOperationException("the secret path"));

        var failure = (await failing.Should().ThrowAsync<RpcException>()).Which;
        failure.StatusCode.Should().Be(StatusCode.Unknown);
        failure.ToString().Should().NotContain("secret");
    }

    private sealed class Context : ServerCallContext
    {
        protected override string MethodCore => "Read";

        protected override string HostCore => "";

        protected override string PeerCore => "";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore => CancellationToken.None;

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore => throw new NotSupportedException();

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }
}
