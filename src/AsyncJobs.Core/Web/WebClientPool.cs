using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace AsyncJobs.Core.Web;

/// <summary>
/// The connections of this process: one handler for each combination of settings that needs its own, used by every
/// request with those settings, so that connections outlive the calls.
/// </summary>
internal sealed class WebClientPool(TimeProvider clock) : IDisposable
{
    // Short enough that a host that moves is found again, long enough that it costs nothing.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    // Invoke-WebRequest's.
    private const int MaximumRedirection = 5;

    private const int WatchesKept = 256;

    private readonly ConcurrentDictionary<HandlerSettings, Lazy<HttpMessageInvoker>> _invokers = new();
    private readonly ConcurrentQueue<PhaseWatch> _watches = new();

    /// <summary>The pool of every runspace in this process.</summary>
    public static WebClientPool Shared { get; } = new(TimeProvider.System);

    public TimeProvider Clock { get; } = clock;

    /// <summary>The hosts that no request may go to for the time being.</summary>
    public HostPauses Pauses { get; } = new(clock);

    /// <summary>The sender for requests with these settings.</summary>
    public HttpMessageInvoker InvokerFor(WebRequest request)
    {
        var settings = new HandlerSettings(request.Timeouts.Connect, request.SkipsCertificateCheck);
        return _invokers.TryGetValue(settings, out Lazy<HttpMessageInvoker>? known)
            ? known.Value
            : _invokers.GetOrAdd(settings, static key => new Lazy<HttpMessageInvoker>(() => Create(key))).Value;
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
        foreach (HandlerSettings settings in _invokers.Keys)
        {
            if (_invokers.TryRemove(settings, out Lazy<HttpMessageInvoker>? invoker))
            {
                invoker.Value.Dispose();
            }
        }

        while (_watches.TryDequeue(out PhaseWatch? watch))
        {
            watch.Dispose();
        }
    }

    public void Dispose() => CloseConnections();

    private static HttpMessageInvoker Create(HandlerSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = settings.ConnectTimeout,
            MaxAutomaticRedirections = MaximumRedirection,
            MaxConnectionsPerServer = int.MaxValue,
            PlaintextStreamFilter = ConnectedAsync,
            PooledConnectionLifetime = ConnectionLifetime,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = settings.SkipsCertificateCheck ? CertificateCheck.None : CertificateCheck.Strict,
            },
            UseCookies = false,
        };
        return new HttpMessageInvoker(handler);
    }

    /// <summary>Connects as the handler would, and notes the fact on the message that waits for it.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Mark(context.InitialRequestMessage, isConnecting: true);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Called when the connection stands, TLS included.</summary>
    private static ValueTask<Stream> ConnectedAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
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

    /// <summary>What makes one handler differ from another.</summary>
    private readonly record struct HandlerSettings(TimeSpan ConnectTimeout, bool SkipsCertificateCheck);
}
