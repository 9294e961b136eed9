namespace AsyncJobs.Architecture.Tests.Samples;

internal static class TypeArgument
{
    public static int CountOf(object value) => value is IReadOnlyDictionary<string, LowerValue[]> values ? values.Count : 0;
}
