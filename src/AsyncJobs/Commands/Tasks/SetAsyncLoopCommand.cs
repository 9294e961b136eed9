namespace AsyncJobs;

/// <summary>
/// Set-AsyncLoop: settings of the session's loop (asyncio's <c>set_debug</c>, <c>slow_callback_duration</c> and
/// <c>set_exception_handler</c>).
/// </summary>
[Cmdlet(VerbsCommon.Set, "AsyncLoop")]
[OutputType(typeof(void))]
public sealed class SetAsyncLoopCommand : LoopCommand
{
    /// <summary>How many thread tasks may run at once in this session.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int ThreadLimit { get; set; }

    /// <summary>Turns debug mode on; <c>-DebugMode:$false</c> turns it off.</summary>
    [Parameter]
    public SwitchParameter DebugMode { get; set; }

    /// <summary>How long a step may hold the loop before a warning; without it 1000, and 100 in debug mode.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int SlowStepMilliseconds { get; set; }

    /// <summary>Gets failures that no script has seen, instead of the warning; <c>$null</c> for the warning again.</summary>
    [Parameter]
    [AllowNull]
    public ScriptBlock? OnUnhandledError { get; set; }

    /// <summary>Runs blocks on the loop that would run on threads, for tests; <c>-Inline:$false</c> for threads again.</summary>
    [Parameter]
    public SwitchParameter Inline { get; set; }

    /// <summary>The clock of what is started from now on, for tests; <c>$null</c> for the system's again.</summary>
    [Parameter]
    [AllowNull]
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>Sets what was given.</summary>
    protected override void EndProcessing()
    {
        if (ThreadLimit > 0)
        {
            ThreadTaskPool.Of(Session).SetLimit(ThreadLimit);
        }

        if (SlowStepMilliseconds > 0)
        {
            Diagnostics.Debugging.SlowStep = TimeSpan.FromMilliseconds(SlowStepMilliseconds);
        }

        if (MyInvocation.BoundParameters.ContainsKey(nameof(DebugMode)))
        {
            Diagnostics.Debugging.IsOn = DebugMode;
        }

        if (MyInvocation.BoundParameters.ContainsKey(nameof(Inline)))
        {
            Session.IsInline = Inline;
        }

        if (MyInvocation.BoundParameters.ContainsKey(nameof(TimeProvider)))
        {
            Session.Loop.UseClock(TimeProvider);
        }

        if (MyInvocation.BoundParameters.ContainsKey(nameof(OnUnhandledError)))
        {
            Diagnostics.UnobservedFailures.Handler = OnUnhandledError;
        }
    }
}
