using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that starts tasks: what can be said of a task whatever its work.</summary>
public abstract class StartCommand : LoopCommand
{
    private AsyncSemaphore? _throttle;
    private string? _origin;

    /// <summary>A name for the tasks, for Get-AsyncTask and messages.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>How many of the tasks started by this command may run at once; no limit unless given.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <summary>A semaphore that each task holds while it runs.</summary>
    [Parameter]
    [ValidateNotNull]
    public AsyncSemaphore? Semaphore { get; set; }

    /// <summary>Starts a native operation and returns its task; writing it is the cmdlet's.</summary>
    /// <param name="work">The operation; it is called on this thread, so one that blocks first must leave it.</param>
    /// <param name="input">The pipeline object it is for: the target of its error.</param>
    /// <param name="timeout">The task's limit; null for none.</param>
    private protected AsyncTask StartIO(TaskWork work, object? input, TimeSpan? timeout) =>
        Session.Runner.Start(AsyncTaskKind.IO, work, Options(input, timeout));

    /// <summary>The options every task of this command shares.</summary>
    private protected TaskOptions Options(object? input, TimeSpan? timeout = null) => new()
    {
        Name = Name,
        Origin = _origin ??= Origin,
        InputObject = input,
        Timeout = timeout,
        Throttle = ThrottleLimit == 0 ? null : _throttle ??= new AsyncSemaphore(ThrottleLimit),
        Semaphore = Semaphore,
    };
}
