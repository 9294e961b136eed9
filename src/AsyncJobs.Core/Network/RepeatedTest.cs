using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Network;

/// <summary>A test that is one question, asked several times.</summary>
internal abstract record RepeatedTest : ConnectionTest
{
    /// <summary>How often; null for as long as anybody takes the results.</summary>
    public required int? Count { get; init; }

    /// <summary>The time between two questions.</summary>
    public required TimeSpan Delay { get; init; }

    /// <summary>Whether all that is told of a target is whether every test succeeded; of one that is tested without end, of each.</summary>
    protected abstract bool GivesBoolean { get; }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<object> TestAsync(HostTarget target, [EnumeratorCancellation] CancellationToken stop)
    {
        for (int number = 1; Count is null || number <= Count; number++)
        {
            if (number > 1)
            {
                await Task.Delay(Delay, stop).ConfigureAwait(false);
            }

            (object status, bool isSuccess) = await TestOnceAsync(target, number, stop).ConfigureAwait(false);
            if (!GivesBoolean)
            {
                yield return status;
            }
            else if (Count is null || !isSuccess || number == Count)
            {
                // One that fails tells the result of all.
                yield return isSuccess;
                if (Count is not null)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>Asks once.</summary>
    protected abstract Task<(object Status, bool IsSuccess)> TestOnceAsync(HostTarget target, int number, CancellationToken stop);
}
