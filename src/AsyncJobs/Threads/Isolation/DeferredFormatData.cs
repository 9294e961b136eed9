using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Isolation;

/// <summary>
/// The formatting data of a worker's runspace. To load it is four tenths of what it takes to open one, and hardly
/// any task formats; so it is loaded just before the first command that does is called.
/// </summary>
internal sealed class DeferredFormatData
{
    // It reads the runspace's list again, which is all that is needed here.
    private static readonly Lazy<CmdletInfo> Loader = new(() => WorkerSessionState.CmdletOf("Update-FormatData"));

    private readonly CommandInvocationIntrinsics _commands;
    private readonly EventHandler<CommandLookupEventArgs> _onLookup;
    private bool _isLoaded;

    /// <param name="commands">The runspace's own, not those of a cmdlet there.</param>
    public DeferredFormatData(CommandInvocationIntrinsics commands)
    {
        _commands = commands;
        _onLookup = (_, lookup) => LoadFor(lookup.Command);
    }

    /// <summary>What looks at each command that is called, or null when nothing has to.</summary>
    public EventHandler<CommandLookupEventArgs>? Watch => _isLoaded ? null : _onLookup;

    /// <summary>
    /// Tells a runspace that is open what its formatting data are. A module with some of its own makes PowerShell load the
    /// whole list.
    /// </summary>
    public static void List(Runspace runspace) => runspace.InitialSessionState.Formats.Add(WorkerSessionState.Formats);

    /// <summary>Watches a task, or loads at once where its commands would not be looked up by name; on the worker's thread.</summary>
    public void Prepare(ScriptWork work)
    {
        if (_isLoaded)
        {
            return;
        }

        _commands.PostCommandLookupAction = _onLookup;
        if (work.Captures.RunspaceEffect == RunspaceEffect.Irreversible || TakesCommand(work))
        {
            Load();
        }
    }

    /// <summary>What is called when a command is found by its name or by an alias, without its module.</summary>
    public static string NameOf(CommandInfo command)
    {
        if (command is not AliasInfo alias)
        {
            return command.Name;
        }

        // Most aliases stand for a cmdlet by its name; to resolve one is a search.
        string definition = alias.Definition.Contains('-', StringComparison.Ordinal)
            ? alias.Definition
            : alias.ResolvedCommand?.Name ?? string.Empty;
        return QualifiedName.WithoutModule(definition);
    }

    private static bool TakesCommand(ScriptWork work) =>
        IsCommand(work.Input)
        || work.Arguments.Any(IsCommand)
        || work.Variables.Any(static variable => IsCommand(variable.Value))
        || (work.UsingValues is { } values && values.Values.Cast<object?>().Any(IsCommand));

    private static bool IsCommand(object? value) => value.Unwrap() is CommandInfo;

    private void LoadFor(CommandInfo command)
    {
        if (!_isLoaded && CommandEffects.Do(NameOf(command), CommandEffect.Formats))
        {
            Load();
        }
    }

    private void Load()
    {
        _isLoaded = true;
        _commands.PostCommandLookupAction -= _onLookup;
        using PowerShell nested = PowerShell.Create(RunspaceMode.CurrentRunspace);
        nested.AddCommand(Loader.Value).Invoke();
    }
}
