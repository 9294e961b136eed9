using System.Globalization;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Capture;

/// <summary>
/// What every thread task takes along from its caller: preference variables, strict mode, culture, and location. A
/// preference that is set for the caller's whole session goes to the worker's whole session, so that functions of
/// modules see it there too; one of the caller's own scope stays in the scope around the task.
/// </summary>
internal sealed class CallerState
{
    private readonly PreferenceSnapshot _preferences;
    private readonly object?[] _globals;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo _uiCulture = CultureInfo.CurrentUICulture;

    /// <param name="caller">The cmdlet that starts the task.</param>
    /// <param name="state">Where the task's block belongs to.</param>
    public CallerState(PSCmdlet caller, SessionState state)
    {
        Host = caller.Host;
        _preferences = new PreferenceSnapshot(new PreferenceScope(caller, state));
        _globals = Array.ConvertAll(PreferenceVariables.Names, name => state.PSVariable.GetValue("global:" + name));
        LanguageMode = caller.SessionState.LanguageMode;
        Location = caller.SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        PathInfo place = caller.SessionState.Path.CurrentLocation;
        if (CapturedDrives.IsSpecial(place))
        {
            SpecialLocation = place.Path;
        }
    }

    /// <summary>The caller's host.</summary>
    public PSHost Host { get; }

    /// <summary>The caller's runspace.</summary>
    public Runspace Runspace { get; } = Runspace.DefaultRunspace;

    /// <summary>What the caller's scripts may do: a task may do no more.</summary>
    public PSLanguageMode LanguageMode { get; }

    /// <summary>The version of the caller's strict mode; 0 for none.</summary>
    public int StrictVersion => _preferences.StrictVersion;

    /// <summary>Where the caller is in the file system.</summary>
    public string Location { get; }

    /// <summary>Where it is, if that is not simply there: on a drive of its own, or of another of PowerShell's own providers.</summary>
    public string? SpecialLocation { get; }

    /// <summary>Session-wide preferences, in the order of <see cref="PreferenceVariables.Names"/>.</summary>
    public IReadOnlyList<object?> Globals => _globals;

    /// <summary>Preferences of the caller's own scope, in the current scope.</summary>
    public void SetLocals(PSVariableIntrinsics variables)
    {
        for (int i = 0; i < _globals.Length; i++)
        {
            if (!Equals(_preferences[i], _globals[i]))
            {
                variables.Set(PreferenceVariables.Names[i], _preferences[i]);
            }
        }

        if (_preferences.NewDefaultParameters() is { } defaults)
        {
            variables.Set(defaults);
        }
    }

    /// <summary>
    /// Runs what belongs to a task with what flows along with the caller's execution, as the current activity and the
    /// values of AsyncLocal do; what the task sets of it ends with it.
    /// </summary>
    public void Run(Action action)
    {
        if (_context is null)
        {
            action();
        }
        else
        {
            ExecutionContext.Run(_context, static run => ((Action)run!)(), action);
        }
    }

    /// <summary>Makes the calling thread one of the caller's culture, whatever a task before has made of it.</summary>
    public void SetThread()
    {
        CultureInfo.CurrentCulture = _culture;
        CultureInfo.CurrentUICulture = _uiCulture;
        if (Thread.CurrentThread.Priority != ThreadPriority.Normal)
        {
            Thread.CurrentThread.Priority = ThreadPriority.Normal;
        }
    }
}
