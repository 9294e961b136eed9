using System.Diagnostics.Metrics;

namespace AsyncJobs.Core.Web;

/// <summary>What is measured of web requests: the phases of each attempt; of whole requests .NET has http.client.request.duration.</summary>
internal static class WebInstruments
{
    /// <summary>How long phases took.</summary>
    public static readonly Histogram<double> PhaseDuration = Telemetry.Meter.CreateHistogram<double>(
        "asyncjobs.http.client.phase.duration", "s", "How long a phase of an attempt at a web request took.");
}
