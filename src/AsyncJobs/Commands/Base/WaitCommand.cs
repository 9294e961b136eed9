namespace AsyncJobs;

/// <summary>A cmdlet that waits for something by what it is for.</summary>
public abstract class WaitCommand : LoopCommand
{
    /// <summary>Shows a progress bar, also for a wait that shows none by itself.</summary>
    [Parameter]
    public SwitchParameter Progress { get; set; }
}
