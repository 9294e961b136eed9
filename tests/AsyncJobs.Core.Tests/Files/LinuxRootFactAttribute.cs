using Xunit;

namespace AsyncJobs.Core.Tests.Files;

/// <summary>A test that only root on Linux can run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxRootFactAttribute : FactAttribute
{
    public LinuxRootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Skip = "Only root on Linux may give files away.";
        }
    }
}
