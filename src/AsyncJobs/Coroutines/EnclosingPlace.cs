using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>A frame of script around that of a block that is a part of the coroutine: PowerShell has one for each block.</summary>
internal sealed record EnclosingFrame(EnclosingPlace Place, EnclosingFrame? Outer)
{
    /// <summary>Runs something within it, and within those around it.</summary>
    public void Run(CoroutineFrame frame, Action action)
    {
        Action within = () => Place.Run(frame, action);
        if (Outer is null)
        {
            within();
        }
        else
        {
            Outer.Run(frame, within);
        }
    }
}

/// <summary>A statement whose block, or whose commands' blocks, are run by the coroutine: what the frame around them says.</summary>
internal sealed class EnclosingPlace(CoroutineUnit unit, IScriptExtent extent)
{
    private readonly string _frameName = unit.FrameName;
    private ScriptBlock? _block;

    /// <summary>Runs something in a frame of that place, and throws what it throws.</summary>
    public void Run(CoroutineFrame frame, Action action)
    {
        if (!frame.MayStepDirectly)
        {
            // A breakpoint at the place is hit once, and has been.
            action();
            return;
        }

        _block ??= Segment.InLanguageOf(unit, frame, () => unit.Bind(extent, parameters: null, Body(), _frameName));
        var carried = new CarriedRun(action);
        _block.InvokeWithContext(BlockWithin.NoFunctions, [new PSVariable(ErrorSegments.ActionName, new EnumeratedAction(carried.Run))]);
        carried.Rethrow();
    }

    private StatementBlockAst Body() => new(extent, [Factory.Write(extent, Factory.Variable(extent, ErrorSegments.ActionName))], null);
}
