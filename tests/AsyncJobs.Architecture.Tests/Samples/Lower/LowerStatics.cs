namespace AsyncJobs.Architecture.Tests.Samples;

internal static class LowerStatics
{
    public static int Count => Environment.ProcessId;
}
