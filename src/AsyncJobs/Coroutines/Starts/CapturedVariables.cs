namespace AsyncJobs.Coroutines.Starts;

/// <summary>
/// The variables that the coroutines of one command take along: those that their block names, and those that the functions
/// and blocks which they call read.
/// </summary>
internal sealed class CapturedVariables
{
    private readonly SessionState _state;
    private readonly CaptureManifest _manifest;
    private readonly Marshaller _finder;
    private readonly HashSet<string> _named = new(StringComparer.OrdinalIgnoreCase);
    private string[] _names = [];

    /// <param name="caller">The cmdlet that starts the coroutines.</param>
    /// <param name="state">Where their blocks belong to, and from where this is asked.</param>
    /// <param name="blocks">What they run.</param>
    /// <param name="given">What they are given, which may have blocks in it.</param>
    public CapturedVariables(PSCmdlet caller, SessionState state, IReadOnlyList<ScriptBlock> blocks, object?[] given)
    {
        _state = state;
        Commands = new LocalCommands(caller, state);
        _finder = new Marshaller(caller, state.Module, new SeenValues(), (module, block) => ModuleVariables.Of(caller, module, block));
        _manifest = new CaptureManifest(caller, state, Commands);
        foreach (ScriptBlock block in blocks)
        {
            _named.UnionWith(BlockFacts.Of(BlockSyntax.Of(block)).Mentioned);
            _manifest.Add(block.Ast, block.Module);
        }

        Array.ForEach(given, _manifest.AddValue);
        Follow();
    }

    /// <summary>The functions and aliases that go with them.</summary>
    public LocalCommands Commands { get; }

    /// <summary>Whether something that is called looks at the object whose method the coroutines are started in.</summary>
    public bool ReadsThis => _manifest.Variables.Contains("this");

    /// <summary>The variables themselves, as long as they live.</summary>
    public IEnumerable<PSVariable> Live => _names.Select(name => SurroundingVariables.Find(_state.PSVariable, name)).OfType<PSVariable>();

    /// <summary>The variables as they are now; null for none. On the pipeline thread.</summary>
    /// <param name="input">The input object of the coroutine that is to start.</param>
    public List<(string Name, object? Value)>? Read(object? input)
    {
        FollowBlock(input);
        List<(string, object?)>? captured = null;
        for (int i = 0; i < _names.Length; i++)
        {
            if (SurroundingVariables.Find(_state.PSVariable, _names[i]) is not { } variable)
            {
                continue;
            }

            object? value = variable.Value;
            if (FollowBlock(value))
            {
                // It wants more than is known.
                return Read(input);
            }

            (captured ??= []).Add((_names[i], value));
        }

        return captured;
    }

    private bool FollowBlock(object? value)
    {
        if (value.Unwrap() is not ScriptBlock block || block.Module != _state.Module || _manifest.Contains(block.Ast))
        {
            return false;
        }

        _manifest.AddValue(value);
        Follow();
        return true;
    }

    private void Follow()
    {
        // To look into tables and objects takes long, where they are large.
        _manifest.Follow(value => value.Unwrap() switch
        {
            ScriptBlock block => Own([block]),
            FunctionInfo function => Own([function.ScriptBlock]),
            _ => [],
        });
        if (_manifest.CallsValues)
        {
            _manifest.Follow(value => Own(_finder.BlocksIn(value)));
        }

        IEnumerable<string> reached = _manifest.Variables
            .Union(_manifest.ScopedVariables.Where(_manifest.IsUnnamed).Select(ScriptScope.Without), StringComparer.OrdinalIgnoreCase)
            .Where(name => !_named.Contains(name) && !VariableNames.IsAutomatic(name) && !IsShared(name));
        _names = [.. _named, .. reached];
    }

    // The others do not see what this caller sees.
    private IEnumerable<ScriptBlock> Own(IEnumerable<ScriptBlock> blocks) => blocks.Where(block => block.Module == _state.Module);

    /// <summary>
    /// Whether a variable that only a called function reads is one that functions have in common, and not of the scope in
    /// which the coroutines are started: that of a module, or one that the function's file assigns with its scope.
    /// </summary>
    private bool IsShared(string name) => _state.PSVariable.Get(name) is { } variable
        && (ReferenceEquals(variable, _state.PSVariable.Get(ScriptScope.With(name))) || ReferenceEquals(variable, _state.PSVariable.Get("global:" + name)))
        && (_state.Module is not null || _manifest.Plans.Any(plan => BlockFacts.Of(plan.Facts.Root.Root()).AssignsOuter(name)));
}
