using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Network;

/// <summary>Finds the largest ping that reaches a target and comes back in one piece, by halving.</summary>
internal sealed record MtuTest : ConnectionTest
{
    // What every network carries, by the standards; and what none does, the loopback aside.
    private const int Smallest = 68;
    private const int SmallestV6 = 1280;
    private const int TooLarge = 10000;

    // The first that an Ethernet does not carry.
    private const int First = 1473;

    /// <inheritdoc/>
    protected override object NotFound => -1;

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<object> TestAsync(HostTarget target, [EnumeratorCancellation] CancellationToken stop)
    {
        int size = target.Address.AddressFamily == AddressFamily.InterNetworkV6 ? SmallestV6 : Smallest;
        var options = new PingOptions(ttl: 128, dontFragment: true);
        Echo largest = await Echo.SendAsync(target, size, options, Timeout, stop).ConfigureAwait(false);
        if (largest.Status != IPStatus.Success)
        {
            // Nothing larger would come through either.
            yield return IsQuiet ? NotFound : throw new ConnectionTestException(target.Asked, $"it does not answer ({largest.Status}).");
            yield break;
        }

        int next = First;
        for (int limit = TooLarge; size < limit - 1; next = (size + limit) / 2)
        {
            Echo echo = await Echo.SendAsync(target, next, options, Timeout, stop).ConfigureAwait(false);
            (size, largest, limit) = echo.Status == IPStatus.Success ? (next, echo, limit) : (size, largest, next);
        }

        yield return IsQuiet ? size : new PingMtuStatus(Source, target.Name, largest, size);
    }
}
