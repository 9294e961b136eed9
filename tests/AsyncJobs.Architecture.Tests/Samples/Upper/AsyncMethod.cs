namespace AsyncJobs.Architecture.Tests.Samples;

internal static class AsyncMethod
{
    public static async Task<int> NumberAsync()
    {
        await Task.Yield();
        return new LowerValue(1).Number;
    }
}
