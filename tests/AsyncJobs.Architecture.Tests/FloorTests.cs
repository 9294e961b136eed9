namespace AsyncJobs.Architecture.Tests;

/// <summary>Which folder may use which: only those on the floors beneath its own.</summary>
public sealed class FloorTests
{
    [Theory]
    [InlineData("AsyncJobs.Core")]
    [InlineData("AsyncJobs")]
    public void Type_OfSeveralFiles_StandsInOneFolder(string assembly)
    {
        using var solution = new Solution(assembly);

        Assert.DoesNotContain(solution.Assemblies[0].Files.Values, files => files.Select(file => file.Folder).Distinct().Count() > 1);
    }
}
