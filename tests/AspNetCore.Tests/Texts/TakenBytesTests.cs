using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore.Tests.Texts;

public sealed class TakenBytesTests
{
    [Fact]
    public void The_system_is_told_once_a_connection_how_much_it_may_hold()
    {
        using var connection = new Connection();
        var before = connection.Socket.SendBufferSize = 32 * 1024;
        TakenBytes.Bound(connection.Request());
        var bounded = connection.Socket.SendBufferSize;
        connection.Socket.SendBufferSize = 16 * 1024;
        var after = connection.Socket.SendBufferSize;

        TakenBytes.Bound(connection.Request());

        bounded.Should().BeGreaterThan(before);
        connection.Socket.SendBufferSize.Should().Be(after, "the second answer of the connection leaves it as it is");
    }

    private sealed class Connection : IConnectionSocketFeature, IConnectionItemsFeature, IDisposable
    {
        public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

        public DefaultHttpContext Request()
        {
            var http = new DefaultHttpContext();
            http.Features.Set<IConnectionSocketFeature>(this);
            http.Features.Set<IConnectionItemsFeature>(this);
            return http;
        }

        public void Dispose() => Socket.Dispose();
    }
}
