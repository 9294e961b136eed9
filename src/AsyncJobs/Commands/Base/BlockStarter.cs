namespace AsyncJobs.Commands.Base;

/// <summary>Starts the tasks of one command's block: as coroutines, or on pooled runspaces.</summary>
/// <param name="command">The command.</param>
/// <param name="session">The command's session.</param>
/// <param name="block">The block; null for what only a thread runs.</param>
/// <param name="arguments">The arguments of the block.</param>
/// <param name="initialization">Runs before the block, in the scope around it; null for none.</param>
/// <param name="makeSource">Makes what the threads run, before the first of them.</param>
internal sealed class BlockStarter(
    LoopCommand command, RunspaceLoop session, ScriptBlock? block, object?[]? arguments, ScriptBlock? initialization, Func<ScriptSource> makeSource)
{
    private CommandNames? _names;
    private CoroutineSource? _coroutine;
    private ScriptSource? _source;

    /// <summary>Makes what keeps the records of a coroutine until somebody reads them; null where they appear as they happen.</summary>
    public Func<TaskStreams>? KeepRecords { get; init; }

    /// <summary>Whether the tasks are coroutines, unless the command says otherwise: the block suspends, or the session has no others.</summary>
    public bool IsForLoop => block is not null && (session.IsInline || (_names ??= new CommandNames(command, block, arguments)).MakesCoroutine);

    /// <summary>Takes along what a coroutine of the block needs; what it gives starts the task, also when the command is over.</summary>
    /// <param name="options">What is said of the task.</param>
    /// <param name="hasInput">Whether there is an input object; without one <c>$_</c> is the caller's.</param>
    /// <param name="input">The task's <c>$_</c>.</param>
    public Func<LoopCommand, AsyncTask> PrepareCoroutine(TaskOptions options, bool hasInput = false, object? input = null)
    {
        CoroutineStart start = (_coroutine ??= Compile()).Capture(hasInput, input);
        return starter => start.Start(starter, options, KeepRecords?.Invoke());
    }

    /// <summary>Takes along what a task on a pooled runspace needs; what it gives starts that.</summary>
    /// <param name="options">What is said of the task.</param>
    /// <param name="hasInput">Whether there is an input object.</param>
    /// <param name="input">The input object, the task's <c>$_</c>.</param>
    /// <param name="host">Where what the task writes with Write-Host goes at once; null to keep it for who waits.</param>
    /// <param name="job">The job that shows the task; null for none.</param>
    public Func<LoopCommand, AsyncTask> PrepareThread(
        TaskOptions options, bool hasInput = false, object? input = null, StreamingHost? host = null, AsyncTaskJob? job = null)
    {
        if (_source is null)
        {
            ThreadTaskPool.Of(session).Prepare();
            _source = makeSource();
        }

        ScriptWork work = _source.Capture(hasInput, input);
        return _ => ThreadTaskPool.Start(session, work, options, input, host, job);
    }

    private CoroutineSource Compile()
    {
        try
        {
            _names ??= new CommandNames(command, block!, arguments);
            var source = new CoroutineSource(command, ProgramCompiler.Of(session), CoroutineOrigin.CallAt(command.MyInvocation), block!, _names, arguments, initialization);
            if (command.MyInvocation.BoundParameters.TryGetValue("Debug", out object? isWanted) && LanguagePrimitives.IsTrue(isWanted))
            {
                command.WriteDebug($"The block as a coroutine:\n{source.Program}");
            }

            return source;
        }
        catch (CoroutineNotSupportedException exception)
        {
            command.ThrowTerminatingError(exception.ErrorRecord);
            throw;
        }
    }
}
