using System.Collections;
using Microsoft.PowerShell.Commands;

namespace AsyncJobs;

/// <summary>What the two web cmdlets share: what they send, and what becomes of the answer.</summary>
public abstract partial class StartWebCommand : WebCommand
{
    /// <summary>Does nothing: there is no other parsing.</summary>
    [Parameter]
    public SwitchParameter UseBasicParsing { get; set; }

    /// <summary>The method; GET unless given.</summary>
    [Parameter]
    [MethodName]
    public WebRequestMethod Method { get; set; }

    /// <summary>A method that -Method does not know.</summary>
    [Parameter]
    [Alias("CM")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HttpMethodCompleter))]
    public string? CustomMethod { get; set; }

    /// <summary>
    /// The body: text, bytes, a stream, XML, a content of .NET, or a dictionary, which is the query of a GET and a form
    /// otherwise. From the pipeline where the address is given by name.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    public object? Body { get; set; }

    /// <summary>The type of the body; its charset is what text is encoded in.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ContentTypeCompleter))]
    public string? ContentType { get; set; }

    /// <summary>Fields sent as parts of a form, files by their content.</summary>
    [Parameter]
    public IDictionary? Form { get; set; }

    /// <summary>The file that is the body.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? InFile { get; set; }

    /// <summary>The transfer coding of the body, which is sent in chunks.</summary>
    [Parameter]
    [ValidateSet("chunked", "compress", "deflate", "gzip", "identity", IgnoreCase = true)]
    public string? TransferEncoding { get; set; }

    /// <summary>
    /// The file for the body, or the folder for it. It takes its name when it is whole. With many addresses give a script
    /// block, in which $_ is the address, or a property of the input.
    /// </summary>
    [Parameter(ParameterSetName = ByAddress)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>The result as well as the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Goes on where the file ends.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>
    /// Gives the answer as a stream, to be read by Receive-AsyncTask while it still comes in: server-sent events, or lines.
    /// </summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <summary>Keeps the method at a redirection that makes a GET of it.</summary>
    [Parameter]
    public SwitchParameter PreserveHttpMethodOnRedirect { get; set; }

    /// <summary>Takes any status for a success.</summary>
    [Parameter]
    public SwitchParameter SkipHttpErrorCheck { get; set; }

    /// <summary>Tries POST, PATCH and custom methods again too, which a server may then carry out twice.</summary>
    [Parameter]
    public SwitchParameter RetryNonIdempotent { get; set; }
}
