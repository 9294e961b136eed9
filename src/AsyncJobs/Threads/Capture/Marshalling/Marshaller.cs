using System.Collections;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>
/// The one walk over values that go to another runspace: it finds the script in them, however deep it lies, and what has
/// to be made anew with it. What is one object in several of them stays one.
/// </summary>
/// <param name="caller">A cmdlet of the session that the values are in.</param>
/// <param name="ownModule">The module that the task's block belongs to, whose functions and variables are taken along one by one.</param>
/// <param name="seen">What need not be looked through again.</param>
/// <param name="variablesOf">The variables of a module in memory that a block or function of it reads.</param>
internal class Marshaller(
    PSCmdlet caller, PSModuleInfo? ownModule, SeenValues seen, Func<PSModuleInfo, ScriptBlock, IEnumerable<PSVariable>> variablesOf)
{
    private readonly Dictionary<object, Surrogate> _known = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<Surrogate> _open = new();
    private readonly List<Surrogate> _met = [];

    /// <summary>A cmdlet of the session that the values are in.</summary>
    public PSCmdlet Caller => caller;

    /// <summary>The module that the task's block belongs to.</summary>
    public PSModuleInfo? OwnModule => ownModule;

    /// <summary>The script blocks found.</summary>
    public List<ScriptBlock> Blocks { get; } = [];

    /// <summary>The drives that text in the values begins with.</summary>
    public HashSet<string> Drives { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether there are instances of PowerShell classes, or such classes, whose methods belong to this session.</summary>
    public bool HasBound { get; private set; }

    /// <summary>Why the last value cannot be taken along, and what to do; null if it can.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>Why a value cannot be taken along whatever is done with it; null if it can.</summary>
    public static string? ObstacleOf(object? value) => value is UnavailableVariable known ? known.Problem
        : value.Unwrap() is { } bare && ValueShapes.Of(bare.GetType()) == ValueShape.Session
        ? $"a {bare.GetType().Name} belongs to the session it was made in. Get it inside the block, or pass what you need of it"
        : null;

    /// <summary>A value as it can be sent: itself, or a <see cref="Surrogate"/> where something in it has to be made anew.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isCalled">Whether a method of that name may be called on it, or on an item of it; null where nobody calls any.</param>
    public object? Pack(object? value, Func<string, bool>? isCalled = null)
    {
        Obstacle = ObstacleOf(value);
        if (Obstacle is not null || Find(value) is not { } root)
        {
            return value;
        }

        _met.Clear();
        while (_open.TryPop(out Surrogate? next))
        {
            _met.Add(next);
            next.Expand(this);
        }

        foreach (Surrogate met in _met)
        {
            Finish(met, isCopied: root.IsNeeded);
        }

        HasBound |= _met.Exists(met => met is SurrogateInstance { IsNeeded: false } && CalledOn(met.Original.GetType(), isCalled) is not null);
        Obstacle ??= isCalled is null ? null : ObstacleOfInstances(value, root, isCalled);
        return root.IsNeeded ? root : value;
    }

    /// <summary>The script blocks in a value, other than those found in values before.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isCalled">As for <see cref="Pack"/>.</param>
    public IEnumerable<ScriptBlock> BlocksIn(object? value, Func<string, bool>? isCalled = null)
    {
        int known = Blocks.Count;
        Pack(value, isCalled);
        return Blocks.GetRange(known, Blocks.Count - known);
    }

    /// <summary>A part of a value: itself, or its surrogate.</summary>
    /// <param name="whole">What has to be made anew with it; null for nothing.</param>
    /// <param name="part">The part.</param>
    public object? Part(Surrogate? whole, object? part)
    {
        if (Find(part) is not { } found)
        {
            return part;
        }

        if (whole is not null)
        {
            found.AddTo(whole);
        }

        return found;
    }

    /// <summary>The items of a collection from a place on, as <see cref="Part"/> gives them.</summary>
    public object?[] Parts(Surrogate? whole, IEnumerable collection, int from = 0) =>
        Array.ConvertAll(LiveItems.Read(collection, from), item => Part(whole, item));

    /// <summary>The variables of a module in memory that a block or function of it reads.</summary>
    public IEnumerable<PSVariable> VariablesOf(PSModuleInfo module, ScriptBlock block) => variablesOf(module, block);

    /// <summary>Whether blocks of a module in memory can be made anew.</summary>
    public virtual bool Takes(PSModuleInfo module) => true;

    /// <summary>The module in memory that a block belongs to.</summary>
    public Surrogate ModuleOf(PSModuleInfo module, ScriptBlock block)
    {
        if (!_known.TryGetValue(module, out Surrogate? known))
        {
            _open.Push(_known[module] = known = new SurrogateModule(module));
        }

        ((SurrogateModule)known).AddVariablesOf(this, block);
        return known;
    }

    /// <summary>How an instance of a PowerShell class goes.</summary>
    protected virtual SurrogateInstance InstanceOf(object instance)
    {
        seen.AddInstance(instance);
        return new SurrogateInstance(instance, isBound: false);
    }

    /// <summary>The surrogate of a value that may hold script; null for one that does not.</summary>
    private Surrogate? Find(object? value)
    {
        object? bare = value.Unwrap();
        if (bare is null)
        {
            return null;
        }

        ValueShape shape = ValueShapes.Of(bare.GetType());
        switch (shape)
        {
            case ValueShape.Plain or ValueShape.Session:
                HasBound |= bare is Type type && !type.IsEnum && ScriptClass.IsOne(type) && !ScriptClass.RunsAnywhere(type);
                return null;
            case ValueShape.Text:
                NoteDrive((string)bare);
                return null;
            case ValueShape.Texts when seen.Covers((IEnumerable)bare, out _):
                return null;
            case ValueShape.Texts:
                NoteDrives((IEnumerable)bare);
                return null;
        }

        object identity = shape == ValueShape.Custom ? value! : bare;
        if (_known.TryGetValue(identity, out Surrogate? known))
        {
            return known;
        }

        if (New(shape, identity) is { } surrogate)
        {
            _known[identity] = surrogate;
            _open.Push(surrogate);
            return surrogate;
        }

        return null;
    }

    private Surrogate? New(ValueShape shape, object value)
    {
        switch (shape)
        {
            case ValueShape.ScriptBlock:
                return NewBlock((ScriptBlock)value);
            case ValueShape.Function:
                return NewFunction((CommandInfo)value);
            case ValueShape.Delegate:
                return new SurrogateDelegate((Delegate)value);
            case ValueShape.Custom:
                return new SurrogateObject((PSObject)value);
            case ValueShape.Instance:
                return InstanceOf(value);
            case ValueShape.Tuple:
                return new SurrogateTuple(value);
            case ValueShape.Object:
                return new SurrogateProperties(value);
            default:
                var collection = (IEnumerable)value;
                return seen.Covers(collection, out int? count) ? null
                    : count is { } known ? new SurrogateShared(collection, known, isFilled: true)
                    : IsShared(shape, collection) ? new SurrogateShared(collection, from: 0, isFilled: false)
                    : collection is Array array ? new SurrogateArray(array)
                    : new SurrogateCollection(collection);
        }
    }

    private SurrogateScriptBlock? NewFunction(CommandInfo command)
    {
        Obstacle ??= PesterMock.Is(command) ? $"it is {MockedCommands.Obstacle}" : null;
        return ((command as AliasInfo)?.ResolvedCommand ?? command) is FunctionInfo function ? NewBlock(function.ScriptBlock) : null;
    }

    private SurrogateScriptBlock NewBlock(ScriptBlock block)
    {
        Blocks.Add(block);
        return new SurrogateScriptBlock(block);
    }

    private static bool IsShared(ValueShape shape, IEnumerable collection) =>
        shape == ValueShape.Shared || (collection is ICollection { IsSynchronized: true } and not Array);

    /// <summary>Remembers where there is no script, and says what cannot be copied though it would have to be.</summary>
    private void Finish(Surrogate met, bool isCopied)
    {
        if (met.IsNeeded)
        {
            Obstacle ??= isCopied ? met.Obstacle : null;
        }
        else if (met is SurrogateShared or SurrogateArray or SurrogateCollection)
        {
            var collection = (IEnumerable)met.Original;
            seen.Add(collection, IsShared(ValueShapes.Of(collection.GetType()), collection));
        }
    }

    private void NoteDrive(string text)
    {
        if (DriveName.In(text) is { } drive)
        {
            Drives.Add(drive);
        }
    }

    private void NoteDrives(IEnumerable texts)
    {
        foreach (object? text in LiveItems.Read(texts))
        {
            NoteDrive((string?)text ?? string.Empty);
        }

        seen.Add(texts, isShared: false);
    }

    /// <summary>A method of a class that belongs to the session in which the instance was made, and that may be called; null for none.</summary>
    private static string? CalledOn(Type type, Func<string, bool>? isCalled) => ScriptClass.RunsAnywhere(type)
        ? null
        : ScriptClass.MethodsOf(type).FirstOrDefault(method => method == "ToString" || isCalled?.Invoke(method) == true);

    /// <summary>
    /// The methods of a PowerShell class run in the session that made the instance, one after the other. What is given to
    /// tasks to be called there is better made in the task.
    /// </summary>
    private string? ObstacleOfInstances(object? value, Surrogate root, Func<string, bool> isCalled)
    {
        IEnumerable<object?> items = root is SurrogateInstance ? [value]
            : value.Unwrap() is IList list and not IDictionary ? LiveItems.Read(list)
            : [];
        return items
            .Select(item => item.Unwrap() is { } bare && _known.TryGetValue(bare, out Surrogate? known) ? known : null)
            .OfType<SurrogateInstance>()
            .Where(static instance => !instance.IsNeeded)
            .Select(static instance => instance.Original.GetType())
            .Distinct()
            .Select(type => (Type: type, Method: CalledOn(type, isCalled)))
            .Where(static call => call.Method is not null)
            .Select(static call => $"the method {call.Method} of class {call.Type.Name} runs only in the session that made the object, "
                + "which waits for the task. Put [NoRunspaceAffinity()] on the class, or make the object inside the block")
            .FirstOrDefault();
    }
}
