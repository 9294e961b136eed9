using System.Collections;
using System.Text;
using ResolvedPath = AsyncJobs.Files.FilePath;

namespace AsyncJobs;

/// <summary>Start-AsyncProcess: runs programs, and gives the exit code, output and error stream of each.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncProcess", SupportsShouldProcess = true)]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncProcessCommand : TimeLimitedStartCommand
{
    private static readonly StringComparer NameComparer =
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private Dictionary<string, string> _environment = [];
    private Encoding _outputEncoding = Encoding.Default;
    private Encoding _inputEncoding = Encoding.Default;
    private string _program = "";
    private bool _fails;
    private bool _reports;
    private bool _hasFixedDirectory;
    private bool _hasFixedEnvironment;

    /// <summary>The program: a name that is looked for as PowerShell looks for it, or a path.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProgramCompleter))]
    public string FilePath { get; set; } = "";

    /// <summary>
    /// The arguments, each of which the program gets as it is. In a script block among them $_ is the pipeline object; what the
    /// block writes are arguments.
    /// </summary>
    [Parameter(Position = 1)]
    [Alias("Args")]
    public object?[]? ArgumentList { get; set; }

    /// <summary>
    /// The standard input: text, bytes, files, streams, or tasks, whose output it is. From the pipeline each object is that of
    /// a program of its own, unless a script block uses the object.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>The folder to run in; the current one unless given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Environment variables besides those of the session; null takes one away.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public IDictionary? Environment { get; set; }

    /// <summary>The exit codes that are a success; 0 unless given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[] SuccessCode { get; set; } = [0];

    /// <summary>Gives output and error stream as one string each, as they were written.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Gives the output as a byte array.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>Ends no line of the input.</summary>
    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>How the program encodes what it writes, and text that it reads; as with PowerShell's own calls unless given.</summary>
    [Parameter]
    [EncodingArgument]
    [ArgumentCompleter(typeof(EncodingNames.Completer))]
    [ValidateNotNull]
    public Encoding? Encoding { get; set; }

    /// <summary>Looks for the program, and reads what all runs have in common.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Raw && AsByteStream)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                "-Raw and -AsByteStream exclude each other.", ErrorIds.InvalidArgument, target: null));
        }

        _program = FindProgram();
        _hasFixedDirectory = WorkingDirectory is not null;
        _hasFixedEnvironment = Environment is not null;
        _environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(static pair => (string)pair.Key, static pair => (string)pair.Value!, NameComparer);
        _outputEncoding = Encoding ?? EncodingOf("PSApplicationOutputEncoding") ?? Console.OutputEncoding;
        _inputEncoding = Encoding ?? EncodingOf("OutputEncoding") ?? Console.OutputEncoding;

        bool isAsked = MyInvocation.BoundParameters.ContainsKey("ErrorAction")
            || MyInvocation.BoundParameters.ContainsKey(nameof(SuccessCode))
            || LanguagePrimitives.IsTrue(GetVariableValue("PSNativeCommandUseErrorActionPreference"));
        string? preference = EffectivePreference.Of(this, "ErrorAction", "ErrorActionPreference");
        _fails = isAsked && preference == "Stop";
        _reports = isAsked && preference is not ("Ignore" or "SilentlyContinue");
    }

    /// <summary>Starts one program.</summary>
    protected override void ProcessRecord()
    {
        object? item = MyInvocation.ExpectingInput ? InputObject : null;
        var streams = new TaskStreams();
        ProcessRequest request;
        try
        {
            request = MakeRequest(streams);
        }
        catch (Exception exception) when (
            exception is ArgumentException or IOException or (RuntimeException and not PipelineStoppedException))
        {
            // Of this program alone: the others of a pipeline have arguments and folders of their own.
            Refuse(ErrorRecords.ForException(exception, item ?? FilePath));
            return;
        }

        if (ShouldProcess(string.Join(' ', request.ArgumentList.Prepend(request.FilePath))))
        {
            WriteStarted(StartIO((task, stop) => RunAsync(request, streams, task, stop), item, streams));
        }
    }

    private protected override TaskOptions MakeOptions()
    {
        TaskOptions options = base.MakeOptions();
        return options with { Command = $"{options.Command} {Path.GetFileName(_program)}" };
    }

    private async Task<object?> RunAsync(ProcessRequest request, TaskStreams streams, AsyncTask task, CancellationToken stop)
    {
        ProcessResult result = await ProcessRun.RunAsync(request, task, stop).ConfigureAwait(false);
        if (_reports && !result.IsSuccess)
        {
            var exception = new ProcessExitException(result);
            if (_fails)
            {
                throw exception;
            }

            ErrorRecord record = ErrorRecords.ForException(exception, task.InputObject ?? task);
            record.CategoryInfo.TargetName = task.Name;
            streams.Add(record);
        }

        return result;
    }

    private string FindProgram()
    {
        CommandInfo? found = InvokeCommand.GetCommand(FilePath, CommandTypes.Application)
            ?? InvokeCommand.GetCommand(FilePath, CommandTypes.All);
        if (found is ApplicationInfo program)
        {
            return program.Path;
        }

        // PowerShell knows no home directory in the name of a command.
        if (found is null && ResolvedPath.Literal(SessionState, FilePath) is { Error: null } file && FilePath.StartsWith('~')
            && File.Exists(file.Path))
        {
            return file.Path;
        }

        ThrowTerminatingError(found switch
        {
            null => new ErrorRecord(
                new CommandNotFoundException($"There is no program '{FilePath}', in the folders of $env:PATH or by that path.")
                {
                    CommandName = FilePath,
                },
                ErrorIds.ProgramNotFound,
                ErrorCategory.ObjectNotFound,
                FilePath),
            ExternalScriptInfo => ErrorRecords.InvalidArgument(
                $"'{FilePath}' is a script of PowerShell, not a program. Start-AsyncTask -FilePath runs it.",
                ErrorIds.NotProgram,
                FilePath),
            _ => ErrorRecords.InvalidArgument(
                $"'{FilePath}' is a command of PowerShell ({found.CommandType}), not a program. Start-AsyncTask runs it in a script block.",
                ErrorIds.NotProgram,
                FilePath),
        });
        return "";
    }

    private ProcessRequest MakeRequest(TaskStreams streams)
    {
        bool isUsed = ArgumentList?.Any(static argument => argument.Unwrap() is ScriptBlock) == true
            || (WorkingDirectory is not null && !_hasFixedDirectory)
            || (Environment is not null && !_hasFixedEnvironment);
        var input = new ProgramInput(_inputEncoding, endsLines: !NoNewline, AsFuture);
        return new ProcessRequest
        {
            FilePath = _program,
            ArgumentList = (ArgumentList ?? []).SelectMany(EvaluateArgument).ToArray(),
            WorkingDirectory = FindDirectory(),
            Environment = MakeEnvironment(),
            Encoding = _outputEncoding,
            OutputKind = AsByteStream ? ProcessOutputKind.Bytes : Raw ? ProcessOutputKind.Text : ProcessOutputKind.Lines,
            Input = input.Of(MyInvocation.ExpectingInput && isUsed ? null : InputObject),
            SuccessCodes = SuccessCode,
            OnErrorLine = line => streams.Add(new ErrorRecord(
                new RemoteException(line.TrimEnd()), "NativeCommandError", ErrorCategory.NotSpecified, line)),
        };
    }

    private IEnumerable<string> EvaluateArgument(object? argument)
    {
        if (argument.Unwrap() is ScriptBlock block)
        {
            argument = block.InvokeWithContext(
                ScriptFrame.NoFunctions, MyInvocation.ExpectingInput ? [new PSVariable("_", InputObject)] : []);
        }

        return ProgramArguments.Of(argument).Select(static text => WithoutNul(text, nameof(ArgumentList)));
    }

    private string FindDirectory()
    {
        if (WorkingDirectory is null)
        {
            return SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        }

        ResolvedPath folder = ResolvedPath.Literal(SessionState, WorkingDirectory);
        return folder.Error is { } error ? throw error.Exception
            : Directory.Exists(folder.Path) ? folder.Path
            : throw new DirectoryNotFoundException($"-WorkingDirectory: there is no folder '{folder.Path}'.");
    }

    private Dictionary<string, string> MakeEnvironment()
    {
        if (Environment is null)
        {
            return _environment;
        }

        var environment = new Dictionary<string, string>(_environment, NameComparer);
        foreach (DictionaryEntry entry in Environment)
        {
            string name = WithoutNul(LanguagePrimitives.ConvertTo<string>(entry.Key), nameof(Environment));
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal))
            {
                throw new ArgumentException($"-Environment: '{name}' is no name for a variable.");
            }

            if (entry.Value is null)
            {
                environment.Remove(name);
            }
            else
            {
                environment[name] = WithoutNul(LanguagePrimitives.ConvertTo<string>(entry.Value), nameof(Environment));
            }
        }

        return environment;
    }

    // The system ends strings by it, so the program would get the beginning only.
    private static string WithoutNul(string text, string parameter) => text.Contains('\0', StringComparison.Ordinal)
        ? throw new ArgumentException($"-{parameter}: '{text.Replace("\0", "`0", StringComparison.Ordinal)}' has a character of code 0.")
        : text;

    private Encoding? EncodingOf(string variable) => GetVariableValue(variable).Unwrap() as Encoding;

    private Future? AsFuture(object value) =>
        Awaitables.TryAdapt(Session, value, new TaskOptions { Origin = Origin }, out Future? future) ? future : null;
}
