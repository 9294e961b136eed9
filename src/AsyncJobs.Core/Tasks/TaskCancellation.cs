using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs.Core.Tasks;

/// <summary>The cancellations of a task that have been asked for, and the token that tells its work. Safe from any thread.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer holds nothing to give back, and its token outlives the task.")]
internal sealed class TaskCancellation
{
    private volatile string? _reason;
    private int _count;

    // Made when the work first asks for the token, and let go at the task's end.
    private CancellationTokenSource? _source;

    /// <summary>How many have been asked for and not taken back.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The reason that was given first.</summary>
    public string? Reason => _reason;

    /// <summary>The token; never disposed.</summary>
    public CancellationToken Token
    {
        get
        {
            if (Volatile.Read(ref _source) is not { } source)
            {
                var created = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref _source, created, null) ?? created;
            }

            // Add raises the count, then Tell looks for the source; here it is the other way round, so one of them sees both.
            if (Count > 0)
            {
                source.Cancel();
            }

            return source.Token;
        }
    }

    /// <summary>Counts one; <see cref="Tell"/> is to follow.</summary>
    public void Add(string? reason)
    {
        _reason ??= reason;
        Interlocked.Increment(ref _count);
    }

    /// <summary>Cancels the token, if somebody has it.</summary>
    public void Tell() => Volatile.Read(ref _source)?.Cancel();

    /// <summary>Takes one back; the token stays cancelled.</summary>
    /// <returns>How many are left.</returns>
    public int TakeBack()
    {
        int count = Count;
        while (count > 0)
        {
            int seen = Interlocked.CompareExchange(ref _count, count - 1, count);
            if (seen == count)
            {
                return count - 1;
            }

            count = seen;
        }

        return 0;
    }

    /// <summary>The task has ended.</summary>
    public void LetGo() => _source = null;
}
