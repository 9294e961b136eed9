using System.Management.Automation.Runspaces;

namespace AsyncJobs.Remoting;

/// <summary>Starts tasks that run on remote sessions. Such a task holds no thread and no runspace here.</summary>
internal static class SessionTask
{
    /// <summary>Starts the task of one session.</summary>
    /// <param name="runner">Starts the task.</param>
    /// <param name="session">Where it runs; an error in it has this as its target.</param>
    /// <param name="script">What it runs.</param>
    /// <param name="options">What is said of the task; it has the name of the computer where they give none.</param>
    /// <param name="host">Shows what Write-Host writes at once; null to keep it.</param>
    /// <param name="job">The job that shows the task; null for none.</param>
    public static AsyncTask Start(
        TaskRunner runner, PSSession session, SessionScript script, TaskOptions options, StreamingHost? host, AsyncTaskJob? job)
    {
        var streams = new TaskStreams(host, job);
        return runner.Start(
            AsyncTaskKind.IO,
            (_, stop) =>
            {
                job?.Begin();
                return new SessionRun(session, streams).RunAsync(script, stop);
            },
            options with { Name = options.Name ?? session.ComputerName, Place = null },
            session,
            streams);
    }
}
