namespace AsyncJobs.Core.Web;

/// <summary>A wait of a request before it is sent, as Get-AsyncTask and a verbose message tell of it.</summary>
/// <param name="Length">How long the wait is.</param>
/// <param name="Text">Which request waits how long, and why.</param>
internal sealed record WebWait(TimeSpan Length, FormattableString Text) : IHostWait
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(Text);
}
