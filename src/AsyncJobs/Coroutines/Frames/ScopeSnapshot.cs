using System.Collections;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>What a scope holds before a segment runs in it: behind the segment it is found out what has come and gone.</summary>
/// <param name="frame">The coroutine.</param>
/// <param name="effects">What the segment may do.</param>
/// <param name="engine">PowerShell's, which is asked in that scope.</param>
internal sealed class ScopeSnapshot(CoroutineFrame frame, ScopeEffect effects, EngineIntrinsics engine)
{
    private readonly HashSet<AliasInfo> _aliases = effects.HasFlag(ScopeEffect.Aliases) ? [.. Table<AliasInfo>(engine, @"alias:\")] : [];

    // A function that is given another body stays the same FunctionInfo.
    private readonly Dictionary<string, ScriptBlock> _functions = !effects.HasFlag(ScopeEffect.Functions) ? []
        : Table<FunctionInfo>(engine, @"function:\")
            .ToDictionary(static function => function.Name, static function => function.ScriptBlock, StringComparer.OrdinalIgnoreCase);

    private bool _hasOtherCommands;

    private readonly HashSet<string> _drives = !effects.HasFlag(ScopeEffect.Drives) ? []
        : new(
            Drives(engine).Select(static drive => drive.Name).Except(frame.Scope.Drives.Select(static drive => drive.Name)),
            StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes what the scope has got, or lost, into the coroutine's.</summary>
    public void Compare()
    {
        if ((effects & ScopeEffect.Variables) != 0)
        {
            frame.Variables.TakeNamed(name => engine.SessionState.PSVariable.Get("local:" + name));
        }

        if (effects.HasFlag(ScopeEffect.UnnamedVariables))
        {
            var outer = frame.Session.Part(static _ => new ConditionalWeakTable<PSVariable, object?>());
            frame.Variables.TakeNew(
                Table<PSVariable>(engine, @"variable:\").Where(variable => !outer.TryGetValue(variable, out _)),
                variable =>
                {
                    bool isLocal = ReferenceEquals(engine.SessionState.PSVariable.Get("local:" + variable.Name), variable);
                    if (!isLocal && variable.GetType().IsVisible)
                    {
                        // It will not be later: most of those that can be seen are always the same. The others are made for the table.
                        outer.AddOrUpdate(variable, null);
                    }

                    return isLocal;
                });
        }

        if (effects.HasFlag(ScopeEffect.Aliases))
        {
            CompareAliases();
        }

        if (effects.HasFlag(ScopeEffect.Functions))
        {
            CompareFunctions();
        }

        if (effects.HasFlag(ScopeEffect.StrictMode))
        {
            // What is as it was costs the steps that follow nothing.
            int version = StrictMode.Of(engine.SessionState);
            frame.Scope.StrictVersion = version == (frame.Scope.StrictVersion ?? frame.Preferences?.StrictVersion) ? frame.Scope.StrictVersion : version;
        }
        else if (effects.HasFlag(ScopeEffect.UnseenStrictMode) && !frame.IsStrict
            && StrictMode.Of(engine.SessionState) is > 0 and var found)
        {
            frame.Scope.StrictVersion = found;
        }

        if (effects.HasFlag(ScopeEffect.Drives))
        {
            frame.Scope.Drives = [.. Drives(engine).Where(drive => !_drives.Contains(drive.Name))];
        }

        if (_hasOtherCommands)
        {
            frame.LookUpCommands(engine.InvokeCommand);
        }
    }

    private void CompareAliases()
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (AliasInfo alias in Table<AliasInfo>(engine, @"alias:\"))
        {
            seen.Add(alias.Name);
            if (!alias.Options.HasFlag(ScopedItemOptions.AllScope) && !_aliases.Contains(alias))
            {
                frame.Scope.SetAlias(alias.Name, alias.Definition);
                _hasOtherCommands = true;
            }
        }

        Array.ForEach([.. frame.Scope.Aliases.Keys.Where(name => !seen.Contains(name))], frame.Scope.RemoveAlias);
    }

    private void CompareFunctions()
    {
        foreach (FunctionInfo function in Table<FunctionInfo>(engine, @"function:\"))
        {
            if (!_functions.Remove(function.Name, out ScriptBlock? before) || !ReferenceEquals(before, function.ScriptBlock))
            {
                frame.Scope.DefineFunction(function.Name, function.ScriptBlock);
                _hasOtherCommands = true;
            }
        }

        foreach (string gone in _functions.Keys)
        {
            frame.Scope.RemoveFunction(gone);
        }
    }

    // That of the root directory, whose name no other may have, PowerShell mounts by itself.
    private static IEnumerable<PSDriveInfo> Drives(EngineIntrinsics engine) =>
        engine.SessionState.Drive.GetAllAtScope("0").Where(static drive => drive.Name != "/");

    // A drive's root is its whole table, in one object.
    private static IEnumerable<T> Table<T>(EngineIntrinsics engine, string drive) =>
        ((IEnumerable)engine.InvokeProvider.Item.Get([drive], force: true, literalPath: true)[0].BaseObject).Cast<T>();
}
