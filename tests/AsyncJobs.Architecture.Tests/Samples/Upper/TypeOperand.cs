namespace AsyncJobs.Architecture.Tests.Samples;

internal static class TypeOperand
{
    public static bool IsLower(object value) => value is LowerBase;
}
