using System.Collections;
using System.Management.Automation;

namespace AsyncJobs.Threads.Capture;

/// <summary>Makes a caller's values fit for another runspace, or says why one cannot be.</summary>
/// <param name="caller">The cmdlet that starts the task.</param>
/// <param name="ownModule">The module that the task's block belongs to, whose functions and variables are taken along one by one.</param>
/// <param name="isCalled">Whether the task's script may call a method of that name on the value.</param>
internal sealed class CapturedValue(PSCmdlet caller, PSModuleInfo? ownModule, Func<string, bool> isCalled)
{
    private const int DeepestLevel = 16;

    private Dictionary<object, Surrogate>? _crossings;

    /// <summary>Why the value cannot cross, and what to do; null if it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>What the task gets: the value itself, unless it belongs to the caller's session.</summary>
    public object? ForTask(object? value)
    {
        switch (value.Unwrap())
        {
            case null or string or ValueType:
                return value;
            case PSModuleInfo or SessionState or EngineIntrinsics or Cmdlet or SteppablePipeline:
                Problem = $"a {value.Unwrap()!.GetType().Name} belongs to the session it was made in. "
                    + "Get it inside the block, or pass what you need of it";
                return null;
            case IList { Count: > 0 } list:
                Problem = ProblemOf(list[0].Unwrap());
                break;
            case { } bare:
                Problem = ProblemOf(bare);
                break;
        }

        return Problem is null && ScriptBlockFinder.In(value).Any() ? Pack(value, level: 0) : value;
    }

    /// <summary>A value as it can be sent; itself where nothing in it needs to be made anew.</summary>
    private object? Pack(object? value, int level)
    {
        object? bare = value.Unwrap();
        if (bare is null or string or ValueType || level > DeepestLevel)
        {
            return value;
        }

        object identity = bare is PSCustomObject ? value! : bare;
        _crossings ??= new(ReferenceEqualityComparer.Instance);
        return _crossings.TryGetValue(identity, out Surrogate? known) ? known : bare switch
        {
            ScriptBlock block => Pack(block),
            FunctionInfo function => Pack(function.ScriptBlock),
            Delegate function when ScriptBlockFinder.Of(function) is { } block => new SurrogateDelegate(Pack(block), bare.GetType()),
            Array { Rank: 1 } array => Pack(array, new SurrogateArray(bare.GetType().GetElementType()!), level),
            IDictionary table => Pack(table, level),
            IList list when SurrogateList.Takes(list) => Pack(list, new SurrogateList(bare.GetType()), level),
            PSCustomObject => Pack((PSObject)value!, level),
            _ => value,
        };
    }

    private Surrogate Pack(ScriptBlock block)
    {
        ScriptBlock unbound = UnboundScript.Of(block);
        return _crossings![block] = ModuleInMemory.Of(block, ownModule) is { } module
            ? new SurrogateClosure(unbound, Pack(module, block))
            : new SurrogateScriptBlock(unbound);
    }

    private SurrogateModule Pack(PSModuleInfo module, ScriptBlock block)
    {
        if (_crossings!.TryGetValue(module, out Surrogate? known))
        {
            return (SurrogateModule)known;
        }

        var crossing = new SurrogateModule { Functions = ModuleInMemory.FunctionsOf(caller, module) };
        _crossings[module] = crossing;
        IEnumerable<ScriptBlock> blocks = crossing.Functions.Select(static function => function.ScriptBlock).Append(block);
        foreach (PSVariable variable in ModuleInMemory.VariablesOf(caller, module, blocks))
        {
            var own = new CapturedValue(caller, ownModule, isCalled) { _crossings = _crossings };
            object? value = own.ForTask(variable.Value);
            crossing.Variables.Add(new(variable.Name, own.Problem is null ? value : new UnavailableVariable(variable.Name, own.Problem)));
        }

        return crossing;
    }

    private object Pack(Array array, SurrogateArray crossing, int level)
    {
        if (array.GetType().GetElementType()!.IsValueType)
        {
            return array;
        }

        crossing.Items.Capacity = array.Length;
        return Pack(array, array, crossing, crossing.Items, level);
    }

    private object Pack(IList list, SurrogateList crossing, int level) => Pack(list, list, crossing, crossing.Items, level);

    private object Pack(object whole, IList parts, Surrogate crossing, List<object?> items, int level)
    {
        _crossings![whole] = crossing;
        bool isChanged = false;
        foreach (object? part in parts)
        {
            object? packed = Pack(part, level + 1);
            isChanged |= packed is Surrogate;
            items.Add(packed);
        }

        return isChanged ? crossing : Forget(whole);
    }

    private object Pack(IDictionary table, int level)
    {
        if (SurrogateTable.CopyOf(table) is not { } copy)
        {
            return table;
        }

        var crossing = new SurrogateTable(copy);
        _crossings![table] = crossing;
        foreach (DictionaryEntry entry in copy)
        {
            if (Pack(entry.Value, level + 1) is Surrogate packed)
            {
                crossing.Values.Add(entry.Key, packed);
            }
        }

        return crossing.Values.Count > 0 ? crossing : Forget(table);
    }

    private object Pack(PSObject item, int level)
    {
        var crossing = new SurrogateObject(item.Copy());
        _crossings![item] = crossing;
        foreach (PSMemberInfo member in item.Members)
        {
            switch (member)
            {
                case PSNoteProperty property when Pack(property.Value, level + 1) is Surrogate packed:
                    crossing.Values.Add(member.Name, packed);
                    break;
                case PSScriptMethod { IsInstance: true } method:
                    crossing.Methods.Add(member.Name, Pack(method.Script));
                    break;
                case PSScriptProperty { IsInstance: true } property:
                    crossing.Properties.Add(member.Name, (PackOrNull(property.GetterScript), PackOrNull(property.SetterScript)));
                    break;
            }
        }

        return crossing.Values.Count + crossing.Methods.Count + crossing.Properties.Count > 0 ? crossing : Forget(item);
    }

    private Surrogate? PackOrNull(ScriptBlock? block) => block is null ? null : Pack(block);

    /// <summary>Nothing in it needs to be made anew.</summary>
    private object Forget(object whole)
    {
        _crossings!.Remove(whole);
        return whole;
    }

    /// <summary>
    /// The methods of a PowerShell class run in the session that made the instance. That session is waiting for the task,
    /// so a call would never come back; its properties are fine.
    /// </summary>
    private string? ProblemOf(object? value)
    {
        if (value is null || !ScriptClass.IsOne(value.GetType()) || ScriptClass.RunsAnywhere(value.GetType()))
        {
            return null;
        }

        string? method = ScriptClass.MethodsOf(value.GetType()).FirstOrDefault(name => name == "ToString" || isCalled(name));
        return method is null
            ? null
            : $"the method {method} of class {value.GetType().Name} runs only in the session that made the object, "
                + "which waits for the task. "
                + "Put [NoRunspaceAffinity()] on the class, or make the object inside the block";
    }
}
