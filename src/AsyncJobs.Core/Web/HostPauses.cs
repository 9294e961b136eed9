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

    /// <summary>How long the host is still paused; null if it is not.</summary>
    public TimeSpan? Left(Uri uri)
    {
        if (_count == 0 || !_until.TryGetValue(uri.Authority, out long until))
        {
            return null;
        }

        long left = until - clock.GetTimestamp();
        if (left > 0)
        {
            return TimeSpan.FromMilliseconds(Math.Ceiling(left * 1000.0 / clock.TimestampFrequency));
        }

        _until.TryRemove(KeyValuePair.Create(uri.Authority, until));
        _count = _until.Count;
        return null;
    }
}
