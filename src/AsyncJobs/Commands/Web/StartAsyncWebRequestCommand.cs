namespace AsyncJobs;

/// <summary>Start-AsyncWebRequest: sends a request and gives the answer with status, headers and content.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncWebRequest", DefaultParameterSetName = ByAddress)]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncWebRequestCommand : StartWebCommand
{
    private protected override object? MakeResult(WebReply reply) =>
        reply.ContentType.IsText ? new TextWebResponse(reply) : new WebResponse(reply);
}
