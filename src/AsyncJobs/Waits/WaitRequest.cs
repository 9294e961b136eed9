namespace AsyncJobs.Waits;

/// <summary>
/// One wait of a suspending cmdlet, the same for whoever waits: a cmdlet that turns the loop until it is over, or a
/// coroutine, to which the cmdlet hands it. By then the cmdlet has bound its parameters as always, and is done.
/// </summary>
internal sealed record WaitRequest
{
    /// <summary>Done when the wait is over; its own outcome does not matter.</summary>
    public required Future Until { get; init; }

    /// <summary>What that is, for those who look in: a future, several, or a primitive.</summary>
    public object? For { get; init; }

    /// <summary>How long the command may wait; null for no limit.</summary>
    public WaitLimit? Limit { get; init; }

    /// <summary>What is done past the <see cref="Limit"/>: makes <see cref="Until"/> end, or returns false where it has ended.</summary>
    public Func<bool>? WhenLate { get; init; }

    /// <summary>What ends the wait, for those who look whether anything can.</summary>
    public WaitCompletion Ending { get; init; }

    /// <summary>
    /// What cancelling the one who waits does; it makes <see cref="Until"/> end. False where the outcome will not tell
    /// of the cancellation: then the one who waits calls <see cref="Undo"/> and ends as cancelled.
    /// </summary>
    public required Func<string?, bool> Cancel { get; init; }

    /// <summary>What the wait gave, where to write that is all that is left; a result of null where <see cref="Otherwise"/> has to run.</summary>
    public Func<IReadOnlyList<object?>?>? Output { get; init; }

    /// <summary>Where there is no output: writes or throws what came of it, through the cmdlet that runs by then.</summary>
    public required Action<LoopCommand> Otherwise { get; init; }

    /// <summary>What the command waits for next, after this was finished; null or a result of null if nothing.</summary>
    public Func<LoopCommand, WaitRequest?>? Next { get; init; }

    /// <summary>Gives the place up or, if it was handed over in that instant, what was handed over.</summary>
    public Action? Undo { get; init; }

    /// <summary>Gives up what the command still holds when this is finished, where nobody asks what it waits for next.</summary>
    public Action? Abandon { get; init; }

    /// <summary>Where the wait is cut short: stops the tasks that commands before this one have started; null for none.</summary>
    public Action? StopStarted { get; set; }

    /// <summary>
    /// For a command with a body: leaves what was entered, once the body is over; gets what the body threw, or null. The result is the
    /// wait until it has been left, whatever cancels it; null where it has been.
    /// </summary>
    public Func<Exception?, WaitRequest?>? Exit { get; init; }

    /// <summary>For a command with a body: the body's <c>$_</c>; null where it has none of its own.</summary>
    public Func<object?>? Item { get; init; }

    /// <summary>For a command whose body is that of a task group: the group's run, which has begun.</summary>
    public TaskGroupRun? Group { get; init; }

    /// <summary>The command's own common parameters, by name; they hold for the writing too.</summary>
    public IReadOnlyDictionary<string, object>? CommonParameters { get; set; }

    /// <summary>The progress bar of a command whose wait a coroutine takes over; it goes on with what the command waits for next.</summary>
    public WaitProgress? Progress { get; set; }

    /// <summary>Writes or throws what came of the wait, through the cmdlet that runs by then.</summary>
    public void Finish(LoopCommand command)
    {
        if (Output?.Invoke() is not { } output)
        {
            Otherwise(command);
            return;
        }

        // A pipeline that is being stopped takes no output, so what was handed over goes back.
        if (output.Count > 0 && command.Stopping)
        {
            Undo?.Invoke();
            throw new PipelineStoppedException();
        }

        foreach (object? written in output)
        {
            command.WriteObject(written, enumerateCollection: false);
        }
    }

    /// <summary>Begins to count the wait's time.</summary>
    /// <returns>Disposed when the wait is over; null where there is no limit.</returns>
    public IDisposable? WatchLimit() => Limit?.Watch(WhenLate!);

    /// <summary>A wait that is over, and gave nothing.</summary>
    public static WaitRequest Over(EventLoop loop)
    {
        var over = new Signal(loop);
        over.Set();
        return new WaitRequest { Until = over, Cancel = static _ => false, Otherwise = static _ => { }, Output = static () => [] };
    }

    /// <summary>The wait of one that was cancelled: nothing is left to wait for.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="reason">Why, or null.</param>
    /// <param name="waitedFor">What it waited for: the target of the error.</param>
    public static WaitRequest Canceled(EventLoop loop, string? reason, object? waitedFor)
    {
        var canceled = new Future(loop);
        canceled.Cancel(reason);
        return new WaitRequest
        {
            Until = canceled,
            Cancel = static _ => true,
            Otherwise = _ => LoopCommand.Throw(ErrorRecords.ForException(canceled.Exception!, waitedFor)),
        };
    }
}
