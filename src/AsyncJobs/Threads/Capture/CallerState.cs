using System.Collections;
using System.Globalization;
using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Capture;

/// <summary>
/// What every thread task takes along from its caller: preference variables, strict mode, culture, and location. A
/// preference that is set for the caller's whole session goes to the worker's whole session, so that functions of
/// modules see it there too; one of the caller's own scope stays in the scope around the task.
/// </summary>
internal sealed class CallerState
{
    private const string DefaultParameters = "PSDefaultParameterValues";

    private readonly List<KeyValuePair<string, object?>> _locals = [];
    private readonly object?[] _globals;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo _uiCulture = CultureInfo.CurrentUICulture;

    /// <param name="caller">The cmdlet that starts the task.</param>
    /// <param name="state">Where the task's block belongs to.</param>
    public CallerState(PSCmdlet caller, SessionState state)
    {
        PSVariableIntrinsics variables = state.PSVariable;
        _globals = Array.ConvertAll(PreferenceVariables.Names, name => variables.GetValue("global:" + name));
        for (int i = 0; i < PreferenceVariables.Names.Length; i++)
        {
            object? effective = variables.GetValue(PreferenceVariables.Names[i]);
            if (!Equals(effective, _globals[i]))
            {
                _locals.Add(new(PreferenceVariables.Names[i], effective));
            }
        }

        if (variables.GetValue(DefaultParameters).Unwrap() is IDictionary { Count: > 0 } defaults)
        {
            _locals.Add(new(DefaultParameters, new DefaultParameterDictionary(defaults)));
        }

        // It is one of the scope in which the cmdlet is called.
        StrictVersion = state.Module == caller.SessionState.Module ? StrictMode.Of(caller.SessionState) : 0;
        LanguageMode = caller.SessionState.LanguageMode;
        Location = caller.SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        PathInfo place = caller.SessionState.Path.CurrentLocation;
        if (CapturedDrives.IsSpecial(place))
        {
            SpecialLocation = place.Path;
        }
    }

    /// <summary>The caller's runspace.</summary>
    public Runspace Runspace { get; } = Runspace.DefaultRunspace;

    /// <summary>What the caller's scripts may do: a task may do no more.</summary>
    public PSLanguageMode LanguageMode { get; }

    /// <summary>The version of the caller's strict mode; 0 for none.</summary>
    public int StrictVersion { get; }

    /// <summary>Where the caller is in the file system.</summary>
    public string Location { get; }

    /// <summary>Where it is, if that is not simply there: on a drive of its own, or of another of PowerShell's own providers.</summary>
    public string? SpecialLocation { get; }

    /// <summary>Session-wide preferences, in the order of <see cref="PreferenceVariables.Names"/>.</summary>
    public IReadOnlyList<object?> Globals => _globals;

    /// <summary>Preferences of the caller's own scope, in the current scope.</summary>
    public void SetLocals(PSVariableIntrinsics variables)
    {
        foreach ((string name, object? value) in _locals)
        {
            variables.Set(name, value);
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
