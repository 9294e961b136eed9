using System.Reflection;

namespace AsyncJobs.Architecture.Tests;

/// <summary>Which folder may use which: only those on the floors beneath its own.</summary>
public sealed class FloorTests
{
    private static readonly FolderOrder Core = new(
        ["Loop"],
        ["Diagnostics"],
        ["Synchronization"],
        ["Tasks", "Files"],
        ["Web", "Data", "Network", "Processes", "Tracing"]);

    private static readonly FolderOrder Module = new(
        ["Automation/Values"],
        ["Automation/Language"],
        ["Automation/BuiltIn"],
        ["Automation/Analysis"],
        ["Automation/Scopes"],
        ["Errors"],
        ["Errors/Replay"],
        ["Hosting", "Files", "Web"],
        ["Data"],
        ["Threads/Capture/Marshalling"],
        ["Capture"],
        ["Coroutines/Analysis", "Threads/Capture"],
        ["Threads/Isolation"],
        ["Threads/Pool"],
        ["Jobs", "Diagnostics"],
        ["Diagnostics/Watching"],
        ["Waits", "Remoting"],
        ["Coroutines/Frames"],
        ["Coroutines/Starts"],
        ["Coroutines/EngineCommands"],
        ["Coroutines/Segments"],
        ["Coroutines/Nodes"],
        ["Coroutines/ForEachObject", "Coroutines/FastPath"],
        ["Coroutines/Compiler"],
        ["Commands/Completion"],
        ["Commands/Base"],
        [
            "Commands/Callbacks", "Commands/Data", "Commands/Diagnostics", "Commands/Events", "Commands/Files", "Commands/Network", "Commands/Processes", "Commands/Queues",
            "Commands/Synchronization", "Commands/Tasks", "Commands/Web",
        ]);

    [Fact]
    public void Core_Folders_UseOnlyFoldersBeneath()
    {
        using var solution = new Solution("AsyncJobs.Core");

        Assert.Empty(Core.FindViolations(solution.Graphs[0]));
    }

    [Fact]
    public void Module_Folders_UseOnlyFoldersBeneath()
    {
        using var solution = new Solution("AsyncJobs");

        Assert.Empty(Module.FindViolations(solution.Graphs[0]));
    }

    [Theory]
    [InlineData("AsyncJobs.Core")]
    [InlineData("AsyncJobs")]
    public void Type_OfSeveralFiles_StandsInOneFolder(string assembly)
    {
        using var solution = new Solution(assembly);

        Assert.DoesNotContain(solution.Assemblies[0].Files.Values, files => files.Select(file => file.Folder).Distinct().Count() > 1);
    }

    [Theory]
    [InlineData("AsyncJobs.Core")]
    [InlineData("AsyncJobs")]
    public void Type_Internal_IsInNamespaceOfItsFolder(string assembly)
    {
        using var solution = new Solution(assembly);
        CompiledAssembly compiled = solution.Assemblies[0];

        var misplaced =
            from pair in compiled.Files
            let type = compiled.Metadata.GetTypeDefinition(pair.Key)
            where type.GetDeclaringType().IsNil
            let isPublic = (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public
            let expected = isPublic ? "AsyncJobs" : $"{assembly}.{pair.Value[0].Folder.Replace('/', '.')}".TrimEnd('.')
            where compiled.Metadata.GetString(type.Namespace) != expected
            select $"{compiled.Metadata.GetString(type.Name)} is not in {expected}";

        Assert.Empty(misplaced);
    }
}
