using System.Globalization;
using System.Management.Automation.Host;

namespace AsyncJobs.Threads.Pool;

/// <summary>The host of a worker's runspace: what a task writes to it is handed on to whoever waits for the task.</summary>
/// <param name="streams">The streams of the worker's pipeline.</param>
internal sealed class WorkerHost(PipelineStreams streams) : PSHost
{
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "AsyncJobs";

    public override Version Version { get; } = typeof(WorkerHost).Assembly.GetName().Version!;

    public override PSHostUserInterface UI { get; } = new WorkerHostUI(streams);

    public override void EnterNestedPrompt() => throw WorkerHostUI.NotInteractive();

    public override void ExitNestedPrompt() => throw WorkerHostUI.NotInteractive();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }
}
