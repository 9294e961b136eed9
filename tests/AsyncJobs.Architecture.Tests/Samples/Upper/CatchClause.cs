namespace AsyncJobs.Architecture.Tests.Samples;

internal static class CatchClause
{
    public static bool Fails(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (LowerException)
        {
            return true;
        }
    }
}
