using System.Net.NetworkInformation;

namespace AsyncJobs.Core.Network;

/// <summary>Pings a target.</summary>
internal sealed record PingTest : RepeatedTest
{
    /// <summary>How many bytes a ping carries.</summary>
    public required int BufferSize { get; init; }

    /// <summary>Time to live, and whether a ping may be fragmented.</summary>
    public required PingOptions Options { get; init; }

    /// <inheritdoc/>
    protected override bool GivesBoolean => IsQuiet;

    /// <inheritdoc/>
    protected override async Task<(object Status, bool IsSuccess)> TestOnceAsync(HostTarget target, int number, CancellationToken stop)
    {
        Echo echo = await Echo.SendAsync(target, BufferSize, Options, Timeout, stop).ConfigureAwait(false);
        return (new PingStatus(Source, target.Name, echo, BufferSize, (uint)number), echo.Status == IPStatus.Success);
    }
}
