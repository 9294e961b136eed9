using System.Collections;

namespace AsyncJobs;

/// <summary>A cmdlet that takes awaitables from the pipeline or as an argument.</summary>
public abstract class AwaitCommand : LoopCommand
{
    private readonly List<Future> _futures = [];
    private HashSet<Future>? _givenFailures;
    private TaskOptions? _adopted;

    /// <summary>What to wait for, one or a list: tasks, futures, .NET tasks, jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(VariableCompleter<Future>))]
    public virtual object? Task { get; set; }

    /// <summary>What has been given so far, in order.</summary>
    private protected IReadOnlyList<Future> Futures => _futures;

    /// <summary>What had failed when it was given; null for none.</summary>
    private protected IReadOnlySet<Future>? GivenFailures => _givenFailures;

    /// <summary>Adapts what was given.</summary>
    protected override void ProcessRecord() => AddGiven(Task);

    /// <summary>Takes one value, or each of a list.</summary>
    private protected void AddGiven(object? given)
    {
        // An array type would have PowerShell make an array of every object of the pipeline.
        object? bare = given.Unwrap();
        if (bare is IList list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                Add(list[i].Unwrap(), i);
            }
        }
        else
        {
            Add(bare);
        }
    }

    /// <summary>Takes one value; false if it cannot be awaited.</summary>
    private protected virtual bool TryAdd(object? value)
    {
        Future? future = value as Future;
        if (future is null && !Awaitables.TryAdapt(Session, value, _adopted ??= new TaskOptions { Origin = Origin }, out future))
        {
            return false;
        }

        if (!MayAwaitItself && ReferenceEquals(future, Session.CurrentTask))
        {
            Throw(ErrorRecords.ForException(
                new InvalidStateException($"{future} cannot await itself: it would wait for its own end."), future));
        }

        if (future.Fault is not null)
        {
            (_givenFailures ??= []).Add(future);
        }

        AttachStreams(future);
        OnAdded(future);
        return true;
    }

    /// <summary>Whether the task whose script this is may be among what is awaited, since the wait can end without it.</summary>
    private protected virtual bool MayAwaitItself => false;

    // What has started nothing, with -WhatIf, say, or for a wildcard that matches nothing, leaves nothing to wait for.
    private bool IsNothing(int place) => !MyInvocation.ExpectingInput
        && EmptyArgument.Is(this, Session.Runspace.Debugger?.GetCallStack().FirstOrDefault()?.Position, place);

    /// <summary>Cancels all of several futures.</summary>
    /// <returns>Whether any was not done.</returns>
    private protected static bool CancelAll(IEnumerable<Future> futures, string? reason)
    {
        bool isAny = false;
        foreach (Future future in futures)
        {
            isAny |= future.Cancel(reason);
        }

        return isAny;
    }

    /// <summary>Called for each awaitable as it comes in.</summary>
    private protected virtual void OnAdded(Future future) => _futures.Add(future);

    private void Add(object? value, int place = 0)
    {
        if (!TryAdd(value) && !(value is null && IsNothing(place)))
        {
            RefuseNotAwaitable(value);
        }
    }
}
