namespace AsyncJobs.Coroutines.Frames;

/// <summary>What a coroutine's block has made its own of a scope, beside variables: functions, aliases, drives, a strict mode.</summary>
/// <param name="frame">The coroutine.</param>
internal sealed class FrameScope(CoroutineFrame frame)
{
    private static readonly Dictionary<string, string> NoAliases = [];

    private Dictionary<string, string>? _aliases;
    private IReadOnlyList<PSDriveInfo> _drives = [];
    private int? _strictVersion;

    // Where the aliases, drives and strict mode are made, and which of those that is.
    private LastingScope? _lasting;
    private int? _lastingVersion;

    /// <summary>Its functions, as its segments take them; null for none.</summary>
    public Dictionary<string, ScriptBlock>? Functions { get; private set; }

    /// <summary>Its aliases: what each stands for.</summary>
    public IReadOnlyDictionary<string, string> Aliases => _aliases ?? NoAliases;

    /// <summary>Its drives.</summary>
    public IReadOnlyList<PSDriveInfo> Drives
    {
        get => _drives;
        set
        {
            _drives = value;
            CloseLasting();
        }
    }

    /// <summary>The strict mode that the block has set, 0 for none; null where it has not set any.</summary>
    public int? StrictVersion
    {
        get => _strictVersion;
        set
        {
            _strictVersion = value;
            CloseLasting();
            frame.Variables.SetStrict(frame.IsStrict);
        }
    }

    /// <summary>Whether it has aliases or drives, which PowerShell drops with the scope of each segment.</summary>
    public bool IsToBeMade => _aliases is { Count: > 0 } || Drives.Count > 0;

    /// <summary>What an alias stands for, or the name itself.</summary>
    public string MeaningOf(string name) => _aliases?.GetValueOrDefault(name) ?? name;

    public void SetAlias(string name, string definition)
    {
        (_aliases ??= new(StringComparer.OrdinalIgnoreCase))[name] = definition;
        CloseLasting();
    }

    public void RemoveAlias(string name)
    {
        _aliases?.Remove(name);
        CloseLasting();
    }

    public void DefineFunction(string name, ScriptBlock body) =>
        (Functions ??= new Dictionary<string, ScriptBlock>(StringComparer.OrdinalIgnoreCase))[name] = body;

    /// <summary>Removes a function, if there is one of that name.</summary>
    public void RemoveFunction(string name) => Functions?.Remove(name);

    /// <summary>Has a function stand for another for a while.</summary>
    public ScopeExit Replace(string function, ScriptBlock by)
    {
        ScriptBlock? own = Functions?.GetValueOrDefault(function);
        DefineFunction(function, by);
        return new(() =>
        {
            if (own is null)
            {
                RemoveFunction(function);
            }
            else
            {
                DefineFunction(function, own);
            }
        });
    }

    /// <summary>Takes over those of a scope that is to be around this one.</summary>
    public void Inherit(FrameScope outer) =>
        (Functions, _aliases, StrictVersion, Drives) = (outer.Functions, outer._aliases, outer.StrictVersion, outer.Drives);

    /// <summary>Enters a scope inside the block's, that of a trap, which assigns the variables that are named.</summary>
    public ScopeExit EnterInner(IReadOnlyCollection<string> assigned)
    {
        (Dictionary<string, string>? aliases, int? strictVersion, IReadOnlyList<PSDriveInfo> drives) = (_aliases, StrictVersion, Drives);
        _aliases = aliases is null ? null : new(aliases, StringComparer.OrdinalIgnoreCase);
        ScopeExit variables = frame.Variables.EnterInner(assigned);
        return new(() =>
        {
            variables.Dispose();
            (_aliases, StrictVersion, Drives) = (aliases, strictVersion, drives);
        });
    }

    /// <summary>Runs a step that changes none of it in a scope in which it is made already, and stays.</summary>
    /// <param name="waiter">The command that runs the step.</param>
    /// <param name="strictVersion">The strict mode that is to hold, where that is not the one around.</param>
    /// <param name="step">The step.</param>
    public void RunInLasting(ILoopHost waiter, int? strictVersion, Action step)
    {
        if (_lasting is not { IsOpen: true } || _lasting.Steps != waiter.Steps || _lastingVersion != strictVersion)
        {
            CloseLasting();
            (_lasting, _lastingVersion) = (waiter.Steps.OpenScope(frame.Task), strictVersion);
            _lasting.Run(() => MakeIn(waiter.Cmdlet, strictVersion));
        }

        _lasting.Run(step);
    }

    /// <summary>Makes it in the scope of a segment that has begun.</summary>
    /// <param name="waiter">The command that runs the segment.</param>
    /// <param name="strictVersion">The strict mode that is to hold, where that is not the one around.</param>
    /// <returns>PowerShell's engine, as it is asked in that scope.</returns>
    public EngineIntrinsics MakeIn(PSCmdlet waiter, int? strictVersion)
    {
        var engine = (EngineIntrinsics)waiter.SessionState.PSVariable.GetValue("ExecutionContext");
        if (strictVersion is { } version)
        {
            StrictMode.Set(engine.InvokeCommand, version);
        }

        foreach ((string name, string definition) in _aliases ?? [])
        {
            engine.InvokeProvider.Item.Set("Alias:" + WildcardPattern.Escape(name), definition);
        }

        foreach (PSDriveInfo drive in Drives)
        {
            engine.SessionState.Drive.New(drive, "0");
        }

        return engine;
    }

    private void CloseLasting()
    {
        _lasting?.Dispose();
        _lasting = null;
    }
}
