using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Isolation;

/// <summary>
/// Keeps one task from seeing what the one before it on the same runspace did. Tasks run in scopes of their own, which
/// takes care of most; this looks at what outlives a scope, and puts it back. What cannot be put back costs the
/// runspace. PowerShell's own ResetRunspaceState takes a hundred times as long, and knows less.
/// </summary>
internal sealed class WorkerIsolation
{
    private readonly GlobalVariables _variables = new();
    private readonly ProviderSnapshot<FunctionInfo> _functions = new(
        @"function:\", item => item.Name, item => item.ScriptBlock, item => item.Module);
    private readonly ProviderSnapshot<AliasInfo> _aliases = new(
        @"alias:\", item => item.Name, item => item.Definition, item => item.Module);
    private readonly ArrayList _errors;
    private readonly DeferredFormatData _formats;
    private readonly string _name = Runspace.DefaultRunspace.Name;
    private readonly PSEventSubscriber[] _subscribers = [.. Runspace.DefaultRunspace.Events.Subscribers];

    // The runspace's own; a cmdlet has a copy whose actions nobody asks.
    private readonly CommandInvocationIntrinsics _commands;
    private HashSet<string>? _drives;
    private PSLanguageMode _languageMode;
    private int _strictVersion;

    // Whose preferences these are: all tasks of a command have the same.
    private CallerState? _caller;
    private bool _isAccepted;
    private (string OfCaller, string Here)? _location;

    // Set when a task calls what changes the runspace for good, in a way that its text does not show.
    private bool _isSpoiled;

    /// <param name="pipeline">The worker's command, at the top of a runspace that no task has used yet.</param>
    public WorkerIsolation(PSCmdlet pipeline)
    {
        _commands = ((EngineIntrinsics)pipeline.SessionState.PSVariable.GetValue("ExecutionContext")).InvokeCommand;
        _formats = new DeferredFormatData(_commands);
        _errors = (ArrayList)pipeline.SessionState.PSVariable.GetValue("Error");
        _languageMode = pipeline.SessionState.LanguageMode;
    }

    /// <summary>From now on what is there is what should be: a module was imported for the tasks to come.</summary>
    public void Accept() => _isAccepted = false;

    /// <summary>
    /// Takes what is there for what should be, where a task may change it. Not before: most never do, and to read it all
    /// takes as long as many a task.
    /// </summary>
    public void Watch(PSCmdlet pipeline, CaptureSet captures)
    {
        if (_isAccepted || captures.RunspaceEffect != RunspaceEffect.Restorable)
        {
            return;
        }

        SessionState state = pipeline.SessionState;
        _variables.Accept(state);
        _functions.Accept(state);
        _aliases.Accept(state);
        _drives ??= new(state.Drive.GetAll().Select(static drive => drive.Name), StringComparer.OrdinalIgnoreCase);
        _isAccepted = true;
    }

    /// <summary>
    /// Sets the strict mode of the whole runspace, outside the scopes of tasks, where it stays for those to come of the same
    /// caller: to set it is a fifth of what a small task takes.
    /// </summary>
    public void SetStrictMode(PSCmdlet pipeline, int version)
    {
        if (_strictVersion != version)
        {
            StrictMode.Set(pipeline.InvokeCommand, version);
            _strictVersion = version;
        }
    }

    /// <summary>
    /// Makes the runspace one of the caller's location, culture, strict mode and session-wide preferences, before a task runs.
    /// </summary>
    public void Prepare(PSCmdlet pipeline, ScriptWork work)
    {
        CallerState caller = work.Caller;
        Watch(pipeline, work.Captures);
        if (_caller != caller)
        {
            for (int i = 0; i < PreferenceVariables.Names.Length; i++)
            {
                _variables.Set(pipeline.SessionState, PreferenceVariables.Names[i], caller.Globals[i]);
            }

            _caller = caller;
        }

        SetStrictMode(pipeline, caller.StrictVersion);
        SetLocation(pipeline.SessionState.Path, caller.Location);
        if (_languageMode != caller.LanguageMode)
        {
            _languageMode = pipeline.SessionState.LanguageMode = caller.LanguageMode;
        }

        caller.SetThread();
        _formats.Prepare(work);
        if (work.Captures.RunspaceEffect == RunspaceEffect.Restorable)
        {
            _commands.PostCommandLookupAction += (_, lookup) =>
                _isSpoiled |= CommandEffects.Do(DeferredFormatData.NameOf(lookup.Command), CommandEffect.Irreversible);
        }
    }

    /// <summary>Puts back what a task changed.</summary>
    /// <returns>False if the runspace is of no use to another task.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever the reason, a runspace that cannot be put right is thrown away.")]
    public bool TryRestore(PSCmdlet pipeline, CaptureSet captures)
    {
        if (_errors.Count > 0)
        {
            _errors.Clear();
        }

        if (captures.RunspaceEffect == RunspaceEffect.Irreversible || _isSpoiled)
        {
            return false;
        }

        try
        {
            return TryRestoreLocation(pipeline.SessionState.Path)
                && (!_isAccepted || captures.RunspaceEffect == RunspaceEffect.None || TryRestoreAll(pipeline));
        }
        catch (Exception)
        {
            return false;
        }
    }

    private bool TryRestoreLocation(PathIntrinsics path)
    {
        while (path.LocationStack(string.Empty).Count > 0)
        {
            path.PopLocation(string.Empty);
        }

        if (CapturedDrives.IsSpecial(path.CurrentLocation) && _location is { } known)
        {
            path.SetLocation(WildcardPattern.Escape(known.Here));
        }

        return path.CurrentLocation.Provider.Name == "FileSystem";
    }

    /// <summary>
    /// Goes where the caller is. To ask where that is on the disk takes longer than to see that it is the same place as before.
    /// </summary>
    private void SetLocation(PathIntrinsics path, string location)
    {
        if (_location is { } known && known.OfCaller == location && known.Here == path.CurrentLocation.Path)
        {
            return;
        }

        if (path.CurrentFileSystemLocation.ProviderPath != location)
        {
            path.SetLocation(WildcardPattern.Escape(location));
        }

        _location = (location, path.CurrentFileSystemLocation.Path);
    }

    private bool TryRestoreHooks(PSCmdlet pipeline)
    {
        foreach (PSEventSubscriber subscriber in pipeline.Events.Subscribers.Except(_subscribers))
        {
            pipeline.Events.UnsubscribeEvent(subscriber);
        }

        while (pipeline.Events.ReceivedEvents.Count > 0)
        {
            pipeline.Events.ReceivedEvents.RemoveAt(0);
        }

        _commands.CommandNotFoundAction = null;
        _commands.PreCommandLookupAction = null;
        _commands.PostCommandLookupAction = _formats.Watch;
        foreach (Job job in pipeline.JobRepository.Jobs)
        {
            pipeline.JobRepository.Remove(job);
        }

        Runspace runspace = Runspace.DefaultRunspace;
        if (runspace.Name != _name)
        {
            runspace.Name = _name;
        }

        if (runspace.Debugger.DebugMode != DebugModes.Default)
        {
            runspace.Debugger.SetDebugMode(DebugModes.Default);
        }

        return IsOpenToAll(pipeline.SessionState.Applications) && IsOpenToAll(pipeline.SessionState.Scripts);
    }

    private static bool IsOpenToAll(List<string> commands) => commands is ["*"];

    private bool TryRestoreAll(PSCmdlet pipeline) =>
        pipeline.SessionState.LanguageMode == _languageMode
        && _variables.TryRestore(pipeline.SessionState)
        && _functions.TryRestore(pipeline.SessionState)
        && _aliases.TryRestore(pipeline.SessionState)
        && TryRestoreDrives(pipeline.SessionState.Drive)
        && TryRestoreHooks(pipeline);

    private bool TryRestoreDrives(DriveManagementIntrinsics drives)
    {
        int known = 0;
        foreach (PSDriveInfo drive in drives.GetAll())
        {
            if (_drives!.Contains(drive.Name))
            {
                known++;
            }
            else
            {
                drives.Remove(drive.Name, force: true, scope: "global");
            }
        }

        return known == _drives!.Count;
    }
}
