using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace AsyncJobs.Core.Web;

/// <summary>
/// The connections of this process: one handler for each combination of settings that needs its own, used by every
/// request with those settings, so that connections outlive the calls. One that nobody has used for a while is given up.
/// </summary>
internal sealed class WebClientPool(TimeProvider clock) : IDisposable
{
    // Short enough that a host that moves is found again, long enough that it costs nothing.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(1);

    // Few servers give a connection up sooner.
    private static readonly TimeSpan ShortIdleTimeout = TimeSpan.FromSeconds(2);

    private const int WatchesKept = 256;

    private readonly ConcurrentDictionary<WebConnection, Sender> _senders = new();
    private readonly ConcurrentQueue<PhaseWatch> _watches = new();

    /// <summary>The pool of every runspace in this process.</summary>
    public static WebClientPool Shared { get; } = new(TimeProvider.System);

    public TimeProvider Clock { get; } = clock;

    /// <summary>The hosts that no request may go to for the time being.</summary>
    public HostPauses Pauses { get; } = new(clock);

    /// <summary>How many handlers there are.</summary>
    public int SenderCount => _senders.Count;

    /// <summary>Sends a message over a connection with these settings.</summary>
    public Task<HttpResponseMessage> SendAsync(WebConnection connection, HttpRequestMessage message, CancellationToken stop)
    {
        try
        {
            return SenderFor(connection).SendAsync(message, stop);
        }
        catch (ObjectDisposedException)
        {
            // Given up, or another runspace removed the module, between the two calls; the pool makes a new one.
            return SenderFor(connection).SendAsync(message, stop);
        }
    }

    public PhaseWatch RentWatch() => _watches.TryDequeue(out PhaseWatch? watch) ? watch : new PhaseWatch(Clock);

    /// <summary>Ends a watch's attempt and keeps it if it can be used again.</summary>
    public void ReturnWatch(PhaseWatch watch)
    {
        if (watch.TryEnd() && _watches.Count < WatchesKept)
        {
            _watches.Enqueue(watch);
        }
        else
        {
            watch.Dispose();
        }
    }

    /// <summary>Closes the idle connections, and the busy ones once they are idle. The pool itself can still be used.</summary>
    public void CloseConnections()
    {
        CloseThose(_ => true);
        while (_watches.TryDequeue(out PhaseWatch? watch))
        {
            watch.Dispose();
        }
    }

    public void Dispose() => CloseConnections();

    private HttpMessageInvoker SenderFor(WebConnection connection)
    {
        if (!_senders.TryGetValue(connection, out Sender? sender))
        {
            long unused = Clock.GetTimestamp() - (long)(ConnectionLifetime.TotalSeconds * Clock.TimestampFrequency);
            CloseThose(other => other.LastUsed < unused);
            sender = _senders.GetOrAdd(connection, static key => new Sender(key));
        }

        sender.LastUsed = Clock.GetTimestamp();
        return sender.Invoker;
    }

    private void CloseThose(Func<Sender, bool> isDone)
    {
        foreach ((WebConnection connection, Sender sender) in _senders)
        {
            if (isDone(sender) && _senders.TryRemove(KeyValuePair.Create(connection, sender)))
            {
                sender.Invoker.Dispose();
            }
        }
    }

    /// <summary>A handler, made when it is first needed.</summary>
    private sealed class Sender(WebConnection connection)
    {
        private readonly Lazy<HttpMessageInvoker> _invoker = new(() => Create(connection));
        private long _lastUsed;

        public HttpMessageInvoker Invoker => _invoker.Value;

        public long LastUsed
        {
            get => Volatile.Read(ref _lastUsed);
            set => Volatile.Write(ref _lastUsed, value);
        }

        private static HttpMessageInvoker Create(WebConnection settings)
        {
            var handler = new SocketsHttpHandler
            {
                ActivityHeadersPropagator = null,

                // Redirections and cookies are each request's own; see WebRoute. Decompression is DecodedContent's.
                AllowAutoRedirect = false,
                ConnectCallback = settings.UnixSocket is { } path ? (context, stop) => ConnectAsync(context, path, stop) : ConnectAsync,
                ConnectTimeout = settings.ConnectTimeout,
                Credentials = settings.Credentials?.Value,
                EnableMultipleHttp2Connections = true,
                MaxConnectionsPerServer = int.MaxValue,
                PlaintextStreamFilter = ConnectedAsync,
                PooledConnectionIdleTimeout = settings.IsShortLived ? ShortIdleTimeout : IdleTimeout,
                PooledConnectionLifetime = settings.IsUsedOnce ? TimeSpan.Zero : ConnectionLifetime,
                SslOptions = new SslClientAuthenticationOptions
                {
                    ClientCertificates = settings.Certificates?.Value,
                    EnabledSslProtocols = settings.Protocols,
                    RemoteCertificateValidationCallback =
                        settings.SkipsCertificateCheck ? CertificateCheck.None : CertificateCheck.Strict,
                },
                UseCookies = false,
                UseProxy = !settings.IsDirect,
            };
            if (settings.Proxy is { } proxy)
            {
                handler.Proxy = proxy.Value;
            }

            return new HttpMessageInvoker(handler);
        }

        /// <summary>Connects as the handler would, and notes the fact on the message that waits for it.</summary>
        private static ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop) =>
            ConnectAsync(context, new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, context.DnsEndPoint, stop);

        private static ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, string path, CancellationToken stop)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            return ConnectAsync(context, socket, new UnixDomainSocketEndPoint(path), stop);
        }

        private static async ValueTask<Stream> ConnectAsync(
            SocketsHttpConnectionContext context, Socket socket, EndPoint place, CancellationToken stop)
        {
            Mark(context.InitialRequestMessage, isConnecting: true);
            try
            {
                await socket.ConnectAsync(place, stop).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        /// <summary>Called when the connection stands, TLS included.</summary>
        private static ValueTask<Stream> ConnectedAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken stop)
        {
            Mark(context.InitialRequestMessage, isConnecting: false);
            return ValueTask.FromResult(context.PlaintextStream);
        }

        private static void Mark(HttpRequestMessage message, bool isConnecting)
        {
            if (message is WebMessage marked)
            {
                marked.IsConnecting = isConnecting;
            }
        }
    }
}
