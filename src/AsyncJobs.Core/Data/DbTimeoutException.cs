using System.Globalization;

namespace AsyncJobs;

/// <summary>A query took longer than its limit; the phase that it was in then is named.</summary>
public sealed class DbTimeoutException : TimeoutException, IHasErrorId
{
    internal DbTimeoutException(AsyncDbSource source, DbPhase phase, TimeSpan? limit, Exception? cause)
        : base(Describe(source, phase, limit), cause)
    {
        Phase = phase;
        Limit = limit;
    }

    /// <summary>What the query was doing when its time was up.</summary>
    public DbPhase Phase { get; }

    /// <summary>The limit of -TimeoutSec; null where it was one of the provider's own.</summary>
    public TimeSpan? Limit { get; }

    /// <inheritdoc/>
    public string ErrorId => "DbTimeout";

    private static string Describe(AsyncDbSource source, DbPhase phase, TimeSpan? limit)
    {
        string doing = phase switch
        {
            DbPhase.Queued => "the queries of its transaction before this one did not end",
            DbPhase.Connecting => "no connection was to be had",
            DbPhase.Executing => "the server did not answer",
            _ => "not all rows were read",
        };
        string which = limit is { } length
            ? string.Create(CultureInfo.InvariantCulture, $"within the limit of {length.TotalSeconds:0.###} s")
            : "within the limit that the provider has of its own";
        return $"{source}: {doing} {which} (phase {phase}).";
    }
}
