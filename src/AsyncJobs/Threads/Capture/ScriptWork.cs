using System.Collections;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;

namespace AsyncJobs.Threads.Capture;

/// <summary>One task's run of a script block, with all it takes along from its caller.</summary>
/// <param name="command">What is called: a script block, or the path of a script.</param>
/// <param name="captures">What all tasks of the same command take along.</param>
/// <param name="caller">The session they were started in.</param>
internal sealed class ScriptWork(object command, CaptureSet captures, CallerState caller)
{
    // Private variables, since the block's own scope is a child of the one in which this runs.
    private const string ArgumentsName = "__asyncJobsArguments";
    private const string UsingName = "__asyncJobsUsing";

    // As a try around all of it: no error ends its statement alone. It leaves errors as they are, and adds no frame.
    private const string Trap = "trap { break } ";
    private const string Call = $"& $args[1] @{ArgumentsName} @{UsingName}";

    private static readonly Hashtable NoUsing = [];

    private IScriptExtent? _position;
    private Materializer? _arrival;
    private TaskResults? _results;

    /// <summary>Scripts that are dot-sourced first, in the scope around the task's own.</summary>
    public required IReadOnlyList<ScriptBlock> Setup { get; init; }

    /// <summary>Positional arguments.</summary>
    public required object?[] Arguments { get; init; }

    /// <summary>Whether there is an input object; without one <c>$_</c> is that of the caller.</summary>
    public required bool HasInput { get; init; }

    /// <summary>The input object, <c>$_</c>.</summary>
    public required object? Input { get; init; }

    /// <summary>Whether the block has a process block, which gets the input object through a pipeline; any other has <c>$_</c> alone.</summary>
    public bool TakesInput { get; init; }

    /// <summary>The caller's variables.</summary>
    public required IReadOnlyList<KeyValuePair<string, object?>> Variables { get; init; }

    /// <summary>The command itself where it is a closure, whose variables come with it.</summary>
    public object? Closure { get; init; }

    /// <summary>The caller's functions that belong to modules in memory.</summary>
    public required IReadOnlyList<KeyValuePair<string, object?>> EnclosedFunctions { get; init; }

    /// <summary>The values of <c>$using:</c> expressions; null for none.</summary>
    public required IDictionary? UsingValues { get; init; }

    /// <summary>Whether it may call methods that belong to the caller's session.</summary>
    public required bool CallsBound { get; init; }

    /// <summary>Told of each object that the block hands out and that only this runspace can serve; null for nobody.</summary>
    public Action<object>? HandsOutBound { get; set; }

    /// <summary>What all tasks of the same command take along.</summary>
    public CaptureSet Captures => captures;

    /// <summary>The session it was started in.</summary>
    public CallerState Caller => caller;

    /// <summary>
    /// Makes an error the caller's: moves one that PowerShell puts where the block was called, as it does with those of
    /// Write-Error, to where the block begins, since the call is a line of ours that nobody knows.
    /// </summary>
    public void Place(ErrorRecord error)
    {
        if (IsOurCall(error))
        {
            error.InvocationInfo.DisplayScriptPosition = _position ??= ErrorPosition.StartOf(command);
        }

        _results?.Note(error);
    }

    /// <summary>An object that the block wrote, as it works in the caller's session.</summary>
    public PSObject Export(PSObject item) => _results?.Export(item) ?? item;

    /// <summary>Runs the block, in a scope of its own inside one with what it takes along.</summary>
    /// <param name="pipeline">Gets what it writes.</param>
    public void Run(PSCmdlet pipeline)
    {
        _results = new TaskResults(pipeline, caller.Runspace, captures.SeenValues, HandsOutBound);
        _arrival = new Materializer(pipeline.SessionState) { Functions = captures.Functions, Variables = Variables };
        Exception? problem = null;
        void TryEnter()
        {
            try
            {
                Enter(pipeline.SessionState);
            }
            catch (Exception exception)
            {
                problem = exception;
                throw;
            }
        }

        try
        {
            pipeline.InvokeCommand.InvokeScript(
                Script(),
                useNewScope: true,
                PipelineResultTypes.Output | PipelineResultTypes.Error,
                input: null,
                [new ActionEnumerator(TryEnter), _arrival.Of(Closure) ?? command, .. Setup]);
        }
        catch (RuntimeException) when (problem is not null)
        {
            ExceptionDispatchInfo.Throw(problem);
        }
    }

    /// <summary>Sets what the task takes along, in the current scope.</summary>
    private void Enter(SessionState state)
    {
        PSVariableIntrinsics variables = state.PSVariable;
        Materializer arrival = _arrival!;
        variables.Set(new PSVariable(ArgumentsName, Array.ConvertAll(Arguments, arrival.Of), ScopedItemOptions.Private));
        variables.Set(new PSVariable(
            UsingName,
            UsingValues is null ? NoUsing : new Hashtable { [AsyncJobs.Capture.UsingValues.Parameter] = arrival.OfValues(UsingValues) },
            ScopedItemOptions.Private));
        caller.SetLocals(variables);
        foreach ((string name, object? value) in Variables)
        {
            if (value is UnavailableVariable variable)
            {
                variable.SetIn(variables);
            }
            else
            {
                variables.Set(ScopeOf(name), arrival.Of(value));
            }
        }

        foreach ((string name, object? function) in EnclosedFunctions)
        {
            state.InvokeProvider.Item.Set(@"function:\" + WildcardPattern.Escape(name), arrival.Of(function));
        }

        if (HasInput)
        {
            variables.Set("_", arrival.Of(Input));
        }

        foreach (PSDriveInfo drive in captures.Drives)
        {
            CapturedDrives.Add(state, drive);
        }

        if (caller.SpecialLocation is { } place)
        {
            state.Path.SetLocation(WildcardPattern.Escape(place));
        }

        foreach (AliasInfo alias in captures.Aliases)
        {
            state.InvokeProvider.Item.Set(@"alias:\" + WildcardPattern.Escape(alias.Name), alias.Definition);
        }
    }

    // Few are different, and PowerShell knows those it has parsed.
    private string Script()
    {
        string setup = string.Empty;
        for (int i = 0; i < Setup.Count; i++)
        {
            setup += $". $args[{i + 2}] @{UsingName}; ";
        }

        return $"{Trap}$args[0]; {setup}{(TakesInput ? ", $_ | " : string.Empty)}{Call}";
    }

    private static bool IsOurCall(ErrorRecord error) =>
        error.InvocationInfo?.Line is { } line && line.EndsWith(Call, StringComparison.Ordinal);

    /// <summary>No script file runs in a worker, so its script scope is the global one, in which a worker's are looked for.</summary>
    private static string ScopeOf(string name) =>
        ScriptScope.IsIn(name) ? "global:" + ScriptScope.Without(name) : name;
}
