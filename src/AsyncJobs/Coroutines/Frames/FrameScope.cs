namespace AsyncJobs.Coroutines.Frames;

/// <summary>What a coroutine's block has made its own of a scope, beside variables: functions, aliases, drives, a strict mode.</summary>
/// <param name="frame">The coroutine.</param>
internal sealed class FrameScope(CoroutineFrame frame)
{
    private Dictionary<string, string>? _aliases;
    private int? _strictVersion;

    /// <summary>Its functions, as its segments take them; null for none.</summary>
    public Dictionary<string, ScriptBlock>? Functions { get; private set; }

    /// <summary>Its aliases: what each stands for.</summary>
    public Dictionary<string, string> Aliases => _aliases ??= new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Its drives.</summary>
    public IReadOnlyList<PSDriveInfo> Drives { get; set; } = [];

    /// <summary>The strict mode that the block has set, 0 for none; null where it has not set any.</summary>
    public int? StrictVersion
    {
        get => _strictVersion;
        set
        {
            _strictVersion = value;
            frame.Variables.SetStrict(frame.IsStrict);
        }
    }

    /// <summary>Whether it has aliases or drives, which PowerShell drops with the scope of each segment.</summary>
    public bool IsToBeMade => _aliases is { Count: > 0 } || Drives.Count > 0;

    /// <summary>What an alias stands for, or the name itself.</summary>
    public string MeaningOf(string name) => _aliases?.GetValueOrDefault(name) ?? name;

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

    /// <summary>Makes its aliases and drives in the scope of a segment that has begun.</summary>
    public void MakeIn(EngineIntrinsics engine)
    {
        foreach ((string name, string definition) in _aliases ?? [])
        {
            engine.InvokeProvider.Item.Set("Alias:" + WildcardPattern.Escape(name), definition);
        }

        foreach (PSDriveInfo drive in Drives)
        {
            engine.SessionState.Drive.New(drive, "0");
        }
    }
}
