namespace AsyncJobs.Architecture.Tests.Samples;

internal static class Lambda
{
    public static Func<int> Count() => () => LowerStatics.Count;
}
