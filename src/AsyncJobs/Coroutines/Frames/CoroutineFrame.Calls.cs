using System.Management.Automation;

namespace AsyncJobs.Coroutines.Frames;

/// <content>The functions that it calls and that run as a part of the coroutine, each with a frame of its own.</content>
internal sealed partial class CoroutineFrame
{
    /// <summary>Who called the function that this is of; null for the coroutine's own block.</summary>
    public CallerFrame? Caller { get; init; }

    /// <summary>The functions that await and that its block can call, by name, other than its own.</summary>
    public IReadOnlyDictionary<string, FunctionInfo>? Called { get; init; }

    /// <summary>The function whose call is being bound.</summary>
    public ScriptBlock? Calling { get; private set; }

    /// <summary>What came of that.</summary>
    public BoundCall? Bound { get; set; }

    /// <summary>What a name stands for now, if that is a function that awaits.</summary>
    public ScriptBlock? FindFunction(string name) => _functions?.GetValueOrDefault(name) ?? Called?.GetValueOrDefault(name)?.ScriptBlock;

    /// <summary>Has PowerShell bind a call.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="function">The function.</param>
    /// <param name="binder">What stands in its place.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="RuntimeException">It cannot be bound.</exception>
    public BoundCall Bind(string name, ScriptBlock function, ScriptBlock binder, ISegment call)
    {
        ScriptBlock? own = _functions?.GetValueOrDefault(name);
        DefineFunction(name, binder);
        Calling = function;
        try
        {
            call.Run(this);
            return Bound ?? throw new InvalidOperationException($"The call of {name} was not bound.");
        }
        finally
        {
            (Calling, Bound) = (null, null);
            if (own is null)
            {
                _functions!.Remove(name);
            }
            else
            {
                DefineFunction(name, own);
            }
        }
    }

    /// <summary>Runs a step of a function that it calls inside a frame like its own.</summary>
    /// <param name="place">The call.</param>
    /// <param name="step">The step.</param>
    public void RunAround(IEnclosingPlace place, Action step)
    {
        if (Caller is not null)
        {
            Caller.Run(() => RunPlace(place, step));
            return;
        }

        RuntimeException? leaving = null;
        try
        {
            RunPlace(place, step);
        }
        catch (RuntimeException error) when (IsSeen(error, out leaving))
        {
            throw;
        }
        finally
        {
            if (leaving is not null)
            {
                AwaitedFailure.NoteEndOfStep(leaving);
            }
        }
    }

    private void RunPlace(IEnclosingPlace place, Action step) => RunInCaptures(() => RunPlaceHere(place, step));

    private void RunPlaceHere(IEnclosingPlace place, Action step)
    {
        CoroutineFrame? outer = CurrentOf(Session);
        Session.CurrentStep = this;

        // Without its $_: the function has one, and PowerShell would look further out for one that holds nothing.
        AddThis();
        try
        {
            RunEnclosed(() => place.Run(this, _variables, _functions ?? ScriptFrame.NoFunctions, step));
        }
        finally
        {
            Session.CurrentStep = outer;
        }
    }

    /// <summary>Whether a variable of that name is one of the coroutine's that it sees.</summary>
    private bool SeesOfCoroutine(string name) => TryGetVariable(name, out _) || Caller?.Frame.SeesOfCoroutine(name) == true;
}
