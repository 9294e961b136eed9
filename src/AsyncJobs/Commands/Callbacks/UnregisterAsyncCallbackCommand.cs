namespace AsyncJobs;

/// <summary>Unregister-AsyncCallback: takes a callback back (asyncio's <c>Handle.cancel</c>).</summary>
[Cmdlet(VerbsLifecycle.Unregister, "AsyncCallback")]
[OutputType(typeof(void))]
public sealed class UnregisterAsyncCallbackCommand : PSCmdlet
{
    /// <summary>What Register-AsyncCallback wrote. One that has run already is left alone.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(VariableCompleter<CallbackRegistration>))]
    public CallbackRegistration[] Callback { get; set; } = [];

    /// <summary>Takes each back.</summary>
    protected override void ProcessRecord()
    {
        foreach (CallbackRegistration callback in Callback)
        {
            callback.Dispose();
        }
    }
}
