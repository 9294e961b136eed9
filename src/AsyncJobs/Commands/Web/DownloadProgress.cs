using System.Globalization;

namespace AsyncJobs.Commands.Web;

/// <summary>
/// The one progress bar of a command's downloads, in bytes. Moves a few times a second, wherever there is a waiter to show
/// it.
/// </summary>
internal sealed class DownloadProgress
{
    private const long Kilo = 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    private readonly TaskProgress _bar = new();
    private readonly object _gate = new();
    private readonly long _startedAt = Environment.TickCount64;
    private long _shownAt = Environment.TickCount64;
    private long _received;
    private long _expected;
    private int _started;
    private int _ended;
    private bool _isShown;

    /// <summary>Where the records of a task of the command go.</summary>
    public TaskStreams NewStreams()
    {
        Interlocked.Increment(ref _started);
        return new TaskStreams(progress: _bar);
    }

    /// <summary>Takes a piece of a file into account.</summary>
    /// <param name="streams">Those of its task.</param>
    /// <param name="length">The length of the piece.</param>
    /// <param name="added">How much more than before is expected in all.</param>
    public void Add(TaskStreams streams, long length, long added)
    {
        long received = Interlocked.Add(ref _received, length);
        Interlocked.Add(ref _expected, added);
        if (Environment.TickCount64 - Volatile.Read(ref _shownAt) < Interval.TotalMilliseconds || streams.HasRecords)
        {
            return;
        }

        lock (_gate)
        {
            _shownAt = Environment.TickCount64;
            _isShown = true;
            Write(streams, received, ProgressRecordType.Processing);
        }
    }

    /// <summary>A task has ended; with the last the bar goes.</summary>
    public void End(TaskStreams streams)
    {
        if (Interlocked.Increment(ref _ended) < Volatile.Read(ref _started))
        {
            return;
        }

        lock (_gate)
        {
            if (_isShown)
            {
                _isShown = false;
                Write(streams, Volatile.Read(ref _received), ProgressRecordType.Completed);
            }
        }
    }

    private static string Size(double bytes)
    {
        int unit = 0;
        for (; bytes >= Kilo && unit < Units.Length - 1; unit++)
        {
            bytes /= Kilo;
        }

        return string.Create(CultureInfo.CurrentCulture, $"{bytes:0.#} {Units[unit]}");
    }

    private void Write(TaskStreams streams, long received, ProgressRecordType type)
    {
        long expected = Math.Max(Volatile.Read(ref _expected), received);
        double seconds = Math.Max(Environment.TickCount64 - _startedAt, 1) / 1000.0;
        double rate = received / seconds;
        string status = $"{Size(received)} of {Size(expected)}, {Size(rate)}/s, {_ended} of {_started} files";
        streams.Add(new ProgressRecord(0, "Downloading", status)
        {
            PercentComplete = expected == 0 ? -1 : (int)(received * 100 / expected),
            RecordType = type,
            SecondsRemaining = rate > 0 ? (int)Math.Min((expected - received) / rate, int.MaxValue) : -1,
        });
    }
}
