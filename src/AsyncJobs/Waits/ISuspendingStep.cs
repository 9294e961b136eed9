namespace AsyncJobs.Waits;

/// <summary>A step of a coroutine that has called a command to be told what to wait for.</summary>
internal interface ISuspendingStep : IRunningStep
{
    /// <summary>What the command asks to wait for; null for nothing.</summary>
    WaitRequest? Request { get; set; }

    /// <summary>Whether what the step writes to other streams than the output is redirected around it.</summary>
    bool IsRedirected { get; }
}
