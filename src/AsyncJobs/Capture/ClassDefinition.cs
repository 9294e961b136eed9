namespace AsyncJobs.Capture;

/// <summary>Finds what a PowerShell class is written as, since its methods call functions and read variables.</summary>
internal static class ClassDefinition
{
    /// <summary>The definition, where it stands in the same file as what uses the class; null elsewhere.</summary>
    public static TypeDefinitionAst? Find(Ast user, Type type) => (TypeDefinitionAst?)user.Root().Find(
        node => node is TypeDefinitionAst definition && definition.Name == type.Name, searchNestedScriptBlocks: true);
}
