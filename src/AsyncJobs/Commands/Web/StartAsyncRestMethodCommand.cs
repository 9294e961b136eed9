namespace AsyncJobs;

/// <summary>Start-AsyncRestMethod: sends a request and gives the content of the answer as objects, as Invoke-RestMethod does.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncRestMethod", DefaultParameterSetName = ByAddress)]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncRestMethodCommand : StartWebCommand
{
    private protected override object? MakeResult(WebReply reply) => RestResult.Of(reply);
}
