namespace AsyncJobs.Coroutines.EngineCommands;

/// <summary>
/// Takes a statement's output into the coroutine's as it is written, so that an error later in the statement does not
/// lose it. Not exported: the engine calls it.
/// </summary>
[Cmdlet(VerbsData.Out, "AsyncCoroutine")]
internal sealed class OutAsyncCoroutineCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Out-AsyncCoroutine", typeof(OutAsyncCoroutineCommand));

    private List<object?>? _output;
    private bool _isValue;

    /// <summary>What was written.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>The name of the command whose output it takes.</summary>
    [Parameter]
    public string? Behind { get; set; }

    /// <summary>The stages of a pipeline, with one more that takes its output.</summary>
    public static PipelineAst AppendTo(IScriptExtent extent, IReadOnlyList<CommandBaseAst> stages)
    {
        CommandElementAst[] behind = stages[^1] is CommandAst last && last.GetCommandName() is { } name
            ? [new CommandParameterAst(extent, nameof(Behind), new StringConstantExpressionAst(extent, name, StringConstantType.SingleQuoted), extent)]
            : [];
        return new PipelineAst(extent, [.. stages, AstBuilder.Call(extent, Info, behind)]);
    }

    /// <summary>Finds the coroutine: by the time that objects come, others may have run.</summary>
    protected override void BeginProcessing()
    {
        CoroutineFrame? frame = CoroutineFrame.Current;
        _output = frame?.Output.Items;

        // What a cmdlet writes comes wrapped, and stays so in a value.
        _isValue = frame is { Output.IsValue: true, Steps.Resuming: null } && !IsBehindCmdlet();
    }

    /// <summary>Takes one object.</summary>
    protected override void ProcessRecord() => _output?.Add(_isValue ? OutputTarget.Unwrapped(InputObject) : InputObject);

    private bool IsBehindCmdlet()
    {
        CommandInfo? command = Behind is null ? null : InvokeCommand.GetCommand(Behind, CommandTypes.All);
        return (command is AliasInfo alias ? alias.ResolvedCommand : command) switch
        {
            ApplicationInfo => true,
            CmdletInfo cmdlet => !CommandEffects.Do(cmdlet.Name, CommandEffect.RunsScript),
            _ => false,
        };
    }
}
