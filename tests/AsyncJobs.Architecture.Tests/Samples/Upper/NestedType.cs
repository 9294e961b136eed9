namespace AsyncJobs.Architecture.Tests.Samples;

internal static class NestedType
{
    internal sealed class Inner : LowerBase;
}
