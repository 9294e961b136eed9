using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>
/// The scope that coroutines' steps are run from: that of the command which turns the loop, and of no coroutine's step
/// inside which the loop is turned once more. Else one coroutine would see the variables of another that happens to wait
/// in a function it calls. A pipeline that is kept open keeps the scope it was opened in.
/// </summary>
internal sealed class LoopGround : IDisposable
{
    private static readonly IScriptExtent Nowhere = ScriptBlock.Create("0").Ast.Extent;
    private static readonly ScriptBlock Opening = MakeOpening();

    // An action is a block of ours, and so may be called in any language mode: by a cmdlet, since methods may not.
    private static readonly ScriptBlock OpeningElsewhere = MakeOpening(Factory.Variable(Nowhere, "args"));

    // Of the caller's session state and, where that is a module's, of the session's own.
    private readonly List<SteppablePipeline> _pipelines = [];

    /// <summary>Marks the scope that a command runs in.</summary>
    /// <param name="command">It is running now.</param>
    /// <param name="global">The session's own state; null if that has not been seen.</param>
    public LoopGround(PSCmdlet command, SessionState? global)
    {
        var context = (EngineIntrinsics)command.SessionState.PSVariable.GetValue("ExecutionContext");
        Open(context);
        if (command.SessionState.Module is not null && global is not null)
        {
            command.InvokeCommand.InvokeScript(global, OpeningElsewhere, [(Action)(() => Open(context))]);
        }
    }

    /// <summary>Runs an action in that scope, and throws what it throws.</summary>
    public void Run(Action action)
    {
        var carried = new CarriedRun(action);
        Action run = carried.Run;
        foreach (SteppablePipeline pipeline in _pipelines)
        {
            Action inner = run;
            run = () => pipeline.Process(new PSObject(inner));
        }

        run();
        carried.Rethrow();
    }

    public void Dispose() => _pipelines.ForEach(static pipeline => pipeline.Dispose());

    private void Open(EngineIntrinsics context)
    {
        SteppablePipeline pipeline = Opening.GetSteppablePipeline(CommandOrigin.Internal);
        pipeline.Begin(expectInput: true, context);
        _pipelines.Add(pipeline);
    }

    /// <summary>A script of one command, with or without something that is piped to it.</summary>
    private static ScriptBlock MakeOpening(ExpressionAst? input = null)
    {
        CommandAst stand = Factory.Call(Nowhere, StandOnGroundCommand.Info);
        PipelineAst pipeline = input is null ? Factory.Pipeline(Nowhere, stand) : Factory.Pipeline(Nowhere, new CommandExpressionAst(Nowhere, input, null), stand);
        var block = new ScriptBlockAst(Nowhere, paramBlock: null, new StatementBlockAst(Nowhere, [pipeline], traps: null), isFilter: false);
        return OwnScript.Make(block.GetScriptBlock);
    }
}
