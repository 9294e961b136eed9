using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AsyncJobs.Core.Tests.Network;

/// <summary>A name service that answers for what begins with "known" and holds its threads for anything else until it is let go.</summary>
internal sealed class HeldLookups : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.OrdinalIgnoreCase);
    private int _heldCount;

    public int HeldCount => Volatile.Read(ref _heldCount);

    public int AskedFor(string host) => _asked.GetValueOrDefault(host);

    public IPHostEntry Find(string host)
    {
        _asked.AddOrUpdate(host, 1, static (_, count) => count + 1);
        if (host.StartsWith("known", StringComparison.Ordinal))
        {
            return new IPHostEntry { HostName = host, AddressList = [IPAddress.Loopback] };
        }

        Interlocked.Increment(ref _heldCount);
        _gate.Wait(Limit.Span);
        Interlocked.Decrement(ref _heldCount);
        throw new SocketException((int)SocketError.TryAgain);
    }

    public void Release() => _gate.Set();

    public void Dispose() => _gate.Set();
}
