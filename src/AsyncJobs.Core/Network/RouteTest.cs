using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Network;

/// <summary>Finds the routers on the way to a target: pings that live for one hop, for two, and so on.</summary>
internal sealed record RouteTest : ConnectionTest
{
    private const uint PingCount = 3;

    /// <summary>How many hops the way may have.</summary>
    public required int MaxHops { get; init; }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<object> TestAsync(HostTarget target, [EnumeratorCancellation] CancellationToken stop)
    {
        bool isAtEnd = false;
        bool isReached = false;
        for (int hop = 1; hop <= MaxHops && !isAtEnd; hop++)
        {
            var options = new PingOptions(hop, dontFragment: false);
            for (uint ping = 1; ping <= PingCount; ping++)
            {
                Echo echo = await Echo.SendAsync(target, Echo.DefaultSize, options, Timeout, stop).ConfigureAwait(false);
                isAtEnd |= echo.Status is not (IPStatus.TtlExpired or IPStatus.TimedOut);
                isReached |= echo.Status == IPStatus.Success;
                if (!IsQuiet)
                {
                    string? name = await NameOfAsync(echo.Responder, stop).ConfigureAwait(false);
                    yield return new TraceStatus(Source, target, hop, ping, echo, name);
                }
            }
        }

        if (IsQuiet)
        {
            yield return isReached;
        }
        else if (!isAtEnd)
        {
            throw new ConnectionTestException(target.Asked, $"it is more than {MaxHops} hops away.");
        }
    }

    private async Task<string?> NameOfAsync(IPAddress? address, CancellationToken stop) =>
        address is null || !ResolvesNames ? address?.ToString() : await HostTarget.NameOfAsync(address, stop).ConfigureAwait(false);
}
