namespace AsyncJobs.Coroutines.EngineCommands;

/// <summary>A cmdlet of the engine's that is called in a scope in which PowerShell has just bound parameters, and takes what came of it.</summary>
internal abstract class BoundScopeCommand : PSCmdlet
{
    /// <summary>The names of the parameters.</summary>
    [Parameter(Position = 0)]
    public string[] Name { get; set; } = [];

    /// <summary>The scope's <c>$PSBoundParameters</c>.</summary>
    [Parameter(Position = 1)]
    public Dictionary<string, object?> Bound { get; set; } = [];

    /// <summary>The scope's <c>$args</c>.</summary>
    [Parameter(Position = 2)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? Rest { get; set; }

    /// <summary>The scope's <c>$MyInvocation</c>; null where nobody looks at it.</summary>
    [Parameter(Position = 3)]
    public InvocationInfo? Invocation { get; set; }

    /// <summary>The parameters, as variables with their types and attributes.</summary>
    protected IEnumerable<PSVariable> Parameters => Name.Select(Local).OfType<PSVariable>();

    /// <summary>A variable of the scope itself, or null.</summary>
    protected PSVariable? Local(string name) => SessionState.PSVariable.Get("local:" + name);

    /// <summary>The statements of a block with such parameters that does no more than call such a cmdlet.</summary>
    /// <param name="extent">Where they stand.</param>
    /// <param name="command">The cmdlet.</param>
    /// <param name="parameters">The block's parameters; null where there are none.</param>
    /// <param name="others">What else is there by then.</param>
    /// <param name="withInvocation">Whether the cmdlet is given <c>$MyInvocation</c>.</param>
    public static StatementBlockAst Taking(IScriptExtent extent, CmdletInfo command, ParamBlockAst? parameters, IEnumerable<string> others, bool withInvocation)
    {
        string[] names = [.. parameters?.Parameters.Select(static parameter => parameter.Name.VariablePath.UserPath) ?? [], .. others];
        string[] taken = withInvocation ? ["PSBoundParameters", "args", "MyInvocation"] : ["PSBoundParameters", "args"];
        CommandAst call = AstBuilder.Call(extent, command, [new ConstantExpressionAst(extent, names), .. taken.Select(name => AstBuilder.Variable(extent, name))]);
        return new StatementBlockAst(extent, [AstBuilder.KeepVariables(), AstBuilder.Pipeline(extent, call)], null);
    }
}
