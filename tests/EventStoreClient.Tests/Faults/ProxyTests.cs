using System.Net;
using System.Net.Sockets;
using EventSourcedStreams.TestKit;

namespace EventStore.Client.Tests.Faults;

/// <summary>The proxy that makes the faults, and its port.</summary>
public sealed class ProxyTests
{
    [Fact]
    public async Task It_ends_though_another_listens_on_the_port_that_it_has_given_up()
    {
        var proxy = TcpProxy.To(Ports.Free());
        await proxy.RefuseAsync();
        using var another = new TcpListener(IPAddress.Loopback, proxy.Port);
        another.Start();

        await proxy.Awaiting(it => it.DisposeAsync().AsTask()).Should().NotThrowAsync();

        another.Pending().Should().BeFalse();
    }

    [Fact]
    public void A_port_that_was_given_is_given_to_no_other_caller_though_nothing_listens_on_it() =>
        Ports.TryKeep(Ports.Free()).Should().BeFalse();
}
