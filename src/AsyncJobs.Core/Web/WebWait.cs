using System.Globalization;

namespace AsyncJobs.Core.Web;

/// <summary>A wait of a request before it is sent, as Get-AsyncTask and a verbose message tell of it.</summary>
/// <param name="Where">The request.</param>
/// <param name="Length">How long the wait is.</param>
/// <param name="Why">The cause.</param>
internal sealed record WebWait(string Where, TimeSpan Length, string Why) : IHostWait
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Where} waits {Length.TotalSeconds:0.###} s: {Why}");
}
