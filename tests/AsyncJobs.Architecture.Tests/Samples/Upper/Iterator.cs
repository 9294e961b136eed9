namespace AsyncJobs.Architecture.Tests.Samples;

internal static class Iterator
{
    public static IEnumerable<int> Numbers()
    {
        yield return new LowerValue(1).Number;
    }
}
