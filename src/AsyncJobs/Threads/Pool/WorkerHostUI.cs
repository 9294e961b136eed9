using System.Collections.ObjectModel;
using System.Management.Automation.Host;
using System.Security;

namespace AsyncJobs.Threads.Pool;

/// <summary>
/// What a thread task writes to its host, and to no stream: the text of <c>-WhatIf</c>, of <c>Out-Host</c>, of <c>$Host.UI</c>.
/// It becomes a record among the task's others, in their order. Nobody is there to be asked.
/// </summary>
/// <param name="streams">The streams of the worker's pipeline.</param>
internal sealed class WorkerHostUI(PipelineStreams streams) : PSHostUserInterface
{
    // PowerShell writes such a record to its stream and then shows it.
    private string? _shown;

    public override PSHostRawUserInterface RawUI { get; } = new WorkerRawUI(streams);

    public override bool SupportsVirtualTerminal => streams.Target?.Work.Caller.Host.UI is { SupportsVirtualTerminal: true };

    public static HostException NotInteractive() => new(
        "A thread task cannot ask for anything: nobody is there to answer. Ask before the task is started, or run the block with -OnLoop.",
        innerException: null,
        ErrorIds.ThreadNotInteractive,
        ErrorCategory.InvalidOperation);

    public override void Write(string value) => Take(value, null, null, isLine: false);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Take(value, foregroundColor, backgroundColor, isLine: false);

    public override void WriteLine() => WriteLine(string.Empty);

    public override void WriteLine(string value) => Take(value, null, null, isLine: true);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Take(value, foregroundColor, backgroundColor, isLine: true);

    public override void WriteErrorLine(string value) => Take(value, ConsoleColor.Red, null, isLine: true);

    public override void WriteInformation(InformationRecord record) =>
        _shown = record.MessageData is HostInformationMessage message ? message.Message : record.ToString();

    // The records of these have come by their streams.
    public override void WriteDebugLine(string message)
    {
    }

    public override void WriteVerboseLine(string message)
    {
    }

    public override void WriteWarningLine(string message)
    {
    }

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override string ReadLine() => throw NotInteractive();

    public override SecureString ReadLineAsSecureString() => throw NotInteractive();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw NotInteractive();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw NotInteractive();

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => throw NotInteractive();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw NotInteractive();

    private void Take(string? text, ConsoleColor? foreground, ConsoleColor? background, bool isLine)
    {
        string? shown = _shown;
        _shown = null;
        if (text != shown)
        {
            streams.Add(HostText.Of(new HostInformationMessage
            {
                Message = text ?? string.Empty,
                ForegroundColor = foreground,
                BackgroundColor = background,
                NoNewLine = !isLine,
            }));
        }
    }
}
