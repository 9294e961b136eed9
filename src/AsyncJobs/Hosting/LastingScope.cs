namespace AsyncJobs.Hosting;

/// <summary>A scope that lasts while steps of a coroutine come and go in it, until the command ends that runs them.</summary>
/// <param name="steps">What it is opened in.</param>
/// <param name="task">The coroutine's.</param>
/// <param name="run">Runs an action there.</param>
/// <param name="close">Closes it.</param>
internal sealed class LastingScope(StepPipeline steps, AsyncTask task, Action<Action> run, Action<LastingScope> close) : IDisposable
{
    public StepPipeline Steps => steps;

    public AsyncTask Task => task;

    public bool IsOpen { get; private set; } = true;

    /// <summary>Runs an action there, and throws what it throws.</summary>
    public void Run(Action action) => run(action);

    public void Dispose()
    {
        if (IsOpen)
        {
            IsOpen = false;
            close(this);
        }
    }
}
