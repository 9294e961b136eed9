using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Network;

/// <summary>What is asked of each target, whatever the kind of test.</summary>
internal abstract record ConnectionTest
{
    /// <summary>The name of this computer.</summary>
    public string Source { get; } = Dns.GetHostName();

    /// <summary>How long one answer may take, that of the resolver included.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>Which of a target's addresses is tested; unspecified for the first.</summary>
    public AddressFamily Family { get; init; }

    /// <summary>Whether results have full names.</summary>
    public bool ResolvesNames { get; init; }

    /// <summary>Whether a target that is not to be found is a result, too, and one simple value tells every result.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>What a quiet test gives where the target is not to be found.</summary>
    protected virtual object NotFound => false;

    /// <summary>Tests one target.</summary>
    /// <param name="asked">Name or address.</param>
    /// <param name="stop">Ends the test.</param>
    /// <returns>The results, one by one as they come.</returns>
    /// <exception cref="ConnectionTestException">The target is not to be found, or this computer cannot do the test.</exception>
    public async IAsyncEnumerable<object?> TestAsync(string asked, [EnumeratorCancellation] CancellationToken stop = default)
    {
        if (await FindAsync(asked, stop).ConfigureAwait(false) is not { } target)
        {
            yield return NotFound;
            yield break;
        }

        await foreach (object result in TestAsync(target, stop).ConfigureAwait(false))
        {
            yield return result;
        }
    }

    /// <summary>Tests a target that has been found.</summary>
    protected abstract IAsyncEnumerable<object> TestAsync(HostTarget target, CancellationToken stop);

    private async ValueTask<HostTarget?> FindAsync(string asked, CancellationToken stop)
    {
        if (!ResolvesNames && HostTarget.OfAddress(asked, Family) is { } known)
        {
            return known;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Timeout);
        try
        {
            return await HostTarget.FindAsync(asked, Family, ResolvesNames, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return IsQuiet ? null : throw new ConnectionTestException(
                asked, FormattableString.Invariant($"its name was not resolved within {Timeout.TotalSeconds:0.###} s."));
        }
        catch (ConnectionTestException) when (IsQuiet)
        {
            return null;
        }
    }
}
