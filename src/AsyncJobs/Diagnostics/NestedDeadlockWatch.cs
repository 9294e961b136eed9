namespace AsyncJobs.Diagnostics;

/// <summary>
/// Ends a wait that waits for ever because it stands on top of others. A function that waits turns the loop in the middle
/// of its coroutine's step, and what began first can only go on last. Where the innermost wait needs one of those beneath
/// it, nothing would end either.
/// </summary>
/// <remarks>
/// The watch looks as the loop goes to sleep, at a wait that has stood for a while; so those that come and go cost nothing.
/// </remarks>
internal sealed class NestedDeadlockWatch(RunspaceLoop session)
{
    private readonly DeadlockDetector _standstill = new(session, trustsOthers: false);
    private TurnInfo? _innermost;
    private long _begunAt;
    private long _lookedAt;
    private bool _isSuspected;
    private bool _hasWarned;
    private IDisposable? _lookAgain;

    /// <summary>Called on the loop's thread as it goes to sleep in a wait that stands on top of something.</summary>
    /// <exception cref="AsyncDeadlockException">The innermost wait needs what stands beneath it.</exception>
    public void Look(TurnInfo innermost)
    {
        TimeProvider clock = session.Loop.Clock;
        bool looksAgain = true;
        if (!ReferenceEquals(innermost, _innermost))
        {
            (_innermost, _isSuspected, _hasWarned) = (innermost, false, false);
            _begunAt = _lookedAt = clock.GetTimestamp();
            _standstill.Forget();
        }
        else if (clock.GetElapsedTime(_lookedAt) >= DeadlockLimits.NestedInterval)
        {
            looksAgain = Judge(innermost, clock.GetElapsedTime(_begunAt));
            _lookedAt = clock.GetTimestamp();
        }

        if (looksAgain)
        {
            _lookAgain ??= session.Loop.CallLaterInBackground(DeadlockLimits.NestedInterval, LookedAgain);
        }
    }

    private void LookedAgain()
    {
        _lookAgain = null;
        if (!ReferenceEquals(session.Wait, _innermost))
        {
            _innermost = null;
            _standstill.Forget();
        }
    }

    /// <returns>Whether there is anything to look at before the loop is woken for something else.</returns>
    private bool Judge(TurnInfo innermost, TimeSpan age)
    {
        var certain = new WaitGraph(session, isCertain: true);
        bool wasSuspected = _isSuspected;
        _isSuspected = certain.Block(innermost);
        if (_isSuspected && wasSuspected)
        {
            throw new AsyncDeadlockException(MessageOf("would never end", $"It waits for {certain.InTheWay}, which"));
        }

        if (_isSuspected)
        {
            return true;
        }

        bool couldGoOn = SomethingCouldGoOn(innermost);
        if (couldGoOn)
        {
            JudgeStandstill(innermost, age);
        }

        return couldGoOn;
    }

    private void JudgeStandstill(TurnInfo innermost, TimeSpan age)
    {
        var likely = new WaitGraph(session, isCertain: false);
        bool isHeld = likely.Block(innermost);
        string culprit = isHeld ? $"It needs {likely.InTheWay}, which" : "All that could still go on";
        if (_standstill.Look(isHeld ? DeadlockLimits.StandstillIfHeld : DeadlockLimits.StandstillElse) == DeadlockState.Stuck)
        {
            throw new AsyncDeadlockException(MessageOf("would never end", culprit));
        }

        if (isHeld && age >= DeadlockLimits.WarnsAfter && !_hasWarned && session.CurrentWaiter is { } waiter)
        {
            _hasWarned = true;
            waiter.Cmdlet.WriteWarning(MessageOf("may never end", culprit));
        }
    }

    /// <summary>Whether the nesting is to blame: something has what it waits for, and is beneath.</summary>
    private bool SomethingCouldGoOn(TurnInfo innermost)
    {
        int count = 1;
        for (TurnInfo? outer = innermost.Outer; outer is not null; outer = outer.Outer)
        {
            if (outer.IsOver)
            {
                return true;
            }

            count++;
        }

        // A command that starts a coroutine, whose first step it is that waits.
        return session.Waiters.Count > count;
    }

    private string MessageOf(string whatOfIt, string culprit) =>
        $"This wait {whatOfIt}. {culprit} is in the middle of a step beneath it on the stack, and goes on only after it. "
        + "A function or a nested block that waits holds up what it stands on: wait in the statements of the coroutine's own block, "
        + $"or start the function as a task and await that. See about_AsyncCoroutines.{TaskTree.TextOf(session)}";
}
