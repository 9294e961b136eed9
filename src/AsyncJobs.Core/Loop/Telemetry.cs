using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AsyncJobs.Core.Loop;

/// <summary>
/// What a process's telemetry hears of us by, as .NET has it: an activity source and a meter of one name. Where nobody listens,
/// whoever has something to tell looks at one flag and goes on.
/// </summary>
internal static class Telemetry
{
    public const string Name = "AsyncJobs";

    private static readonly string? Version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3);

    public static ActivitySource Source { get; } = new(Name, Version);

    public static Meter Meter { get; } = new(Name, Version);
}
