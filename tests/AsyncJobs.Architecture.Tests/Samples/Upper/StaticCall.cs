namespace AsyncJobs.Architecture.Tests.Samples;

internal static class StaticCall
{
    public static int Count() => LowerStatics.Count;
}
