namespace AsyncJobs.Diagnostics;

/// <summary>Says in debug mode that a wait will never end, as soon as a <see cref="DeadlockDetector"/> shows it.</summary>
internal sealed class DeadlockWatch(RunspaceLoop session)
{
    private readonly DeadlockDetector _standstill = new(session, trustsOthers: true);
    private IDisposable? _lookAgain;

    /// <summary>Called on the loop's thread as it goes to sleep.</summary>
    /// <exception cref="AsyncDeadlockException">Nothing is left that could wake it.</exception>
    public void Look()
    {
        DeadlockState verdict = _standstill.Look(DeadlockLimits.Confirmation);
        if (verdict == DeadlockState.Stuck)
        {
            _standstill.Forget();
            throw new AsyncDeadlockException(
                $"Nothing is left that could end this wait; all who could are waiting themselves:{TaskTree.TextOf(session)}");
        }

        if (verdict != DeadlockState.Alive)
        {
            _lookAgain ??= session.Loop.CallLaterInBackground(DeadlockLimits.Confirmation, () => _lookAgain = null);
        }
    }
}
