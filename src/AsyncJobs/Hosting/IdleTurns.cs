using System.Management.Automation.Runspaces;

namespace AsyncJobs.Hosting;

/// <summary>
/// The turns of the loop between two command lines: PowerShell's idle event, which a prompt raises a few times a second while
/// nobody types, runs what is ready. Subscribed to while something is pending at the end of a command line, and no longer.
/// </summary>
internal sealed class IdleTurns : IDisposable
{
    // How long one turn may keep the prompt from its keys, but for a step that takes longer.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    // After so long without a turn a callback that is ready shows that nobody is about to turn the loop.
    private static readonly TimeSpan Standstill = TimeSpan.FromMilliseconds(500);

    // By this function a prompt with a line editor reads a command line, and raises the event within.
    private const string ReadLineFunction = "PSConsoleHostReadLine";

    // The action is of an event of ours, since PowerShell hangs where an action ends the subscription of its own event.
    private const string TurnEvent = "AsyncJobs.Turn";

    // Nobody would read the records that the action of an event leaves. Those of script go where a block's go, not a cmdlet's.
    private static readonly ScriptBlock Action = SharedScriptBlock.Of(
        "& { if ($args[0] -is [Management.Automation.CommandInfo]) { & $args[0] } else { $args[0] } } $Event.MessageData 2>&1 3>&1 4>&1 5>&1 | Microsoft.PowerShell.Core\\Out-Default");

    private const int ActionFrames = 2;

    private readonly RunspaceLoop _session;
    private readonly PSEventManager _events;
    private readonly CommandInfo _turn;
    private readonly object _gate = new();
    private PSEventSubscriber? _idle;
    private PSEventSubscriber? _action;
    private volatile bool _isQueued;
    private volatile bool _isRunning;
    private bool _hasCome;
    private bool _isClosed;

    /// <summary>Attaches itself to a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="command">The cmdlet that runs now.</param>
    /// <param name="turn">The cmdlet that calls <see cref="Run"/>.</param>
    public IdleTurns(RunspaceLoop session, PSCmdlet command, CommandInfo turn)
    {
        _session = session;
        _events = command.Events;
        _turn = turn;
        session.Loop.IsLeft = () => session.Waiters.Count == 0 && NeedsTurns && (!_hasCome || session.Loop.Delay > Standstill);
        if (!session.IsWorker && HasPrompt(command))
        {
            session.Runspace.AvailabilityChanged += UpdateAtEnd;
        }
    }

    // A coroutine goes on when what it waits for is done, wherever that comes from.
    private bool NeedsTurns => _session.Tasks.CoroutineCount > 0 || _session.Loop.HasPending;

    /// <summary>Is ready to be asked for the end of coroutines from now on; on the session's own thread, in its script.</summary>
    public void ExpectCoroutines()
    {
        if (_action is null && !_session.IsWorker)
        {
            lock (_gate)
            {
                SubscribeAction();
            }
        }
    }

    /// <summary>Has the session's own thread run something as soon as it has ended a statement of script; from any thread.</summary>
    public void Ask(Action action) => AskFor(new ActionEnumerator(action));

    /// <summary>Has the session's own thread run something if it is at its prompt; from any thread.</summary>
    public void AskPrompt(Action action) => Ask(() =>
    {
        if (IsAtPrompt())
        {
            action();
        }
    });

    /// <summary>Runs what is ready, for a short time, if the prompt is all that runs.</summary>
    /// <param name="turn">Turns the loop while something is ready, until the token is cancelled.</param>
    public void Run(Action<CancellationToken> turn)
    {
        _isQueued = false;
        if (!_isClosed && IsAtPrompt())
        {
            Debugger debugger = _session.Runspace.Debugger;
            DebugModes mode = debugger.DebugMode;
            _isRunning = true;
            debugger.SetDebugMode(DebugModes.None);
            try
            {
                using var limit = new CancellationTokenSource(Limit);
                turn(limit.Token);
            }
            finally
            {
                debugger.SetDebugMode(mode);
                _isRunning = false;
                Update();
            }
        }
    }

    /// <summary>Ends the subscriptions.</summary>
    public void Dispose()
    {
        _session.Runspace.AvailabilityChanged -= UpdateAtEnd;
        lock (_gate)
        {
            _isClosed = true;
            EndAction();
        }

        Update();
    }

    // Other runspaces of the process have no prompt, and whoever owns them takes them to be his alone.
    private bool HasPrompt(PSCmdlet command) =>
        command.InvokeProvider.Item.Exists($"function:global:{ReadLineFunction}", force: false, literalPath: true)
        || _session.IsOfConsole;

    // PowerShell may come to the action late, in the middle of a script; a step then would be between two of its statements.
    // And a step that stops in the debugger would have it read lines within the line editor, which then answers to nobody.
    private bool IsAtPrompt()
    {
        Debugger? debugger = _session.Runspace.Debugger;
        return _session.Waiters.Count == 0 && !_session.Breakpoints.HasBreakpoints && debugger is { InBreakpoint: false }
            && _session.GlobalState?.PSVariable.GetValue("NestedPromptLevel") is null or 0
            && debugger.GetCallStack().Skip(ActionFrames).LastOrDefault() is null or { FunctionName: ReadLineFunction };
    }

    private void UpdateAtEnd(object? sender, RunspaceAvailabilityEventArgs change)
    {
        if (change.RunspaceAvailability == RunspaceAvailability.Available)
        {
            Update();
            lock (_gate)
            {
                if (_idle is null && _session.Tasks.CoroutineCount == 0)
                {
                    EndAction();
                }

                // If it has not come by now, it may never.
                _isQueued = false;
            }
        }
    }

    private void Update()
    {
        lock (_gate)
        {
            bool isNeeded = NeedsTurns && !_isClosed;
            if (isNeeded && _idle is null)
            {
                SubscribeAction();
                _idle = _events.SubscribeEvent(null, null, PSEngineEvent.OnIdle, null, Ask, supportEvent: true, forwardEvent: false);
            }
            else if (!isNeeded && _idle is { } idle)
            {
                _idle = null;
                _events.UnsubscribeEvent(idle);
            }
        }
    }

    private void SubscribeAction() =>
        _action ??= _events.SubscribeEvent(null, null, TurnEvent, null, Action, supportEvent: true, forwardEvent: false);

    // Not while PowerShell has still to come to it: it would run it now, and here.
    private void EndAction()
    {
        if (_action is { } action && !_isQueued)
        {
            _action = null;
            _events.UnsubscribeEvent(action);
        }
    }

    // The idle event, on whichever thread it comes from, under locks of PowerShell's: asks for the action, which runs on the
    // session's own.
    private void Ask(object? sender, PSEventArgs idle)
    {
        _hasCome = true;
        if (!_isQueued && !_isRunning && (_session.Loop.ReadyCount > 0 || !NeedsTurns))
        {
            _isQueued = true;
            AskFor(_turn);
        }
    }

    private void AskFor(object what) => _events.GenerateEvent(TurnEvent, sender: null, args: null, new PSObject(what));
}
