using Xunit;

namespace AsyncJobs.Core.Tests.Files;

/// <summary>A test of modes, links or devices as Unix has them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Unix modes, links and devices.";
        }
    }
}
