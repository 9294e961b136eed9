namespace Microsoft.PowerShell.Commands;

public sealed class HttpResponseException(string message, HttpResponseMessage response) : HttpRequestException(message)
{
    public HttpResponseMessage Response { get; } = response;
}
