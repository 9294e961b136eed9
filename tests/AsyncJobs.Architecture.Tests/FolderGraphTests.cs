namespace AsyncJobs.Architecture.Tests;

/// <summary>The reading itself, tried on this assembly's own samples.</summary>
public sealed class FolderGraphTests : IDisposable
{
    private readonly Solution _solution = new("AsyncJobs.Architecture.Tests");

    private FolderGraph Graph => _solution.Graphs[0];

    [Theory]
    [InlineData("AsyncMethod.cs", "LowerValue")]
    [InlineData("AttributeArgument.cs", "LowerValue")]
    [InlineData("BaseClass.cs", "LowerBase")]
    [InlineData("CatchClause.cs", "LowerException")]
    [InlineData("Constraint.cs", "ILower")]
    [InlineData("EnumProperty.cs", "LowerKind")]
    [InlineData("ILowerToo.cs", "ILower")]
    [InlineData("Iterator.cs", "LowerValue")]
    [InlineData("Lambda.cs", "LowerStatics")]
    [InlineData("NestedType.cs", "LowerBase")]
    [InlineData("OwnAttribute.cs", "LowerAttribute")]
    [InlineData("StaticCall.cs", "LowerStatics")]
    [InlineData("TypeArgument.cs", "LowerValue")]
    [InlineData("TypeOperand.cs", "LowerBase")]
    public void Between_EachKindOfUse_IsFound(string file, string type)
    {
        TypeUse use = Assert.Single(Graph.Between("Samples/Upper", "Samples/Lower"), use => use.File.Name == file);

        Assert.Equal(type, use.Type.Name);
    }

    [Fact]
    public void Between_TypeOfAnotherFile_IsOfThatFilesFolder() => Assert.Empty(Graph.Between("Samples/Lower", "Samples/Upper"));

    [Fact]
    public void Cycles_FoldersThatUseEachOther_AreOne()
    {
        Assert.Equal(["Samples/Left", "Samples/Right"], Assert.Single(Graph.Cycles));
        Assert.Equal(("Samples/Left", "Samples/Right"), Assert.Single(Graph.TwoWayPairs));
    }

    [Fact]
    public void Folders_WithoutCycle_StandAboveThoseTheyUse()
    {
        string[] folders = [.. Graph.Folders];

        Assert.True(Array.IndexOf(folders, "Samples/Lower") < Array.IndexOf(folders, "Samples/Upper"));
    }

    [Fact]
    public void FindViolations_UseThatLeadsUpwards_NamesFoldersFileAndType()
    {
        var order = new FolderOrder(["."], ["Samples/Left", "Samples/Right"], ["Samples/Upper"], ["Samples/Lower"]);

        IReadOnlyList<string> violations = order.FindViolations(Graph);

        Assert.Contains("Samples/Upper -> Samples/Lower by BaseClass.cs uses LowerBase", violations);
        Assert.Contains("Samples/Left -> Samples/Right by LeftType.cs uses RightType", violations);
    }

    [Fact]
    public void FindViolations_FolderThatNoFloorNames_IsOne() =>
        Assert.Contains("Samples/Left stands on no floor", new FolderOrder(["."]).FindViolations(Graph));

    [Fact]
    public void Matrix_Written_CountsCyclesAndPairs()
    {
        using var writer = new StringWriter();

        FolderMatrix.Write(Graph, writer);

        Assert.Contains("Cycles: 1, of 2 folders", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("Two-way pairs: 1", writer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/home/me/src/AsyncJobs/Coroutines/Nodes/X.cs", "Coroutines/Nodes")]
    [InlineData("/_/src/AsyncJobs/X.cs", ".")]
    [InlineData(@"C:\AsyncJobs\src\AsyncJobs\Web\X.cs", "Web")]
    public void Parse_PathOfSource_IsItsFolder(string path, string folder) =>
        Assert.Equal(new SourceFile(folder, "X.cs"), SourceFile.Parse(path, "AsyncJobs"));

    [Theory]
    [InlineData("/home/me/src/AsyncJobs/obj/Release/net8.0/AsyncJobs.AssemblyInfo.cs")]
    [InlineData("/usr/share/dotnet/X.cs")]
    public void Parse_GeneratedFile_IsNone(string path) => Assert.Null(SourceFile.Parse(path, "AsyncJobs"));

    public void Dispose() => _solution.Dispose();
}
