using System.Collections.Concurrent;

namespace AsyncJobs.Core.Web;

/// <summary>Hosts that asked for quiet (status 429): every request to one waits until the time it named has passed.</summary>
internal sealed class HostPauses(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, long> _until = new(StringComparer.OrdinalIgnoreCase);

    // Looked at for every request; nearly always zero.
    private volatile int _count;

    /// <summary>Keeps requests from a host. Two pauses that overlap end with the later.</summary>
    public void Pause(Uri uri, TimeSpan duration)
    {
        long until = clock.GetTimestamp() + (long)(duration.TotalSeconds * clock.TimestampFrequency);
        _until.AddOrUpdate(uri.Authority, until, (_, known) => Math.Max(known, until));
        _count = _until.Count;
    }

    /// <summary>Waits while the host is paused.</summary>
    public ValueTask WaitAsync(Uri uri, CancellationToken stop) => _count == 0 ? ValueTask.CompletedTask : WaitWhilePausedAsync(uri, stop);

    private async ValueTask WaitWhilePausedAsync(Uri uri, CancellationToken stop)
    {
        // Again after the wait: the pause may have been made longer meanwhile.
        while (_until.TryGetValue(uri.Authority, out long until))
        {
            long now = clock.GetTimestamp();
            if (now >= until)
            {
                _until.TryRemove(KeyValuePair.Create(uri.Authority, until));
                _count = _until.Count;
                return;
            }

            var left = TimeSpan.FromMilliseconds(Math.Ceiling((until - now) * 1000.0 / clock.TimestampFrequency));
            await Task.Delay(left, clock, stop).ConfigureAwait(false);
        }
    }
}
