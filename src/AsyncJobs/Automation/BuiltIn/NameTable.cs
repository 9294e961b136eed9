using System.Runtime.CompilerServices;

namespace AsyncJobs.Automation.BuiltIn;

/// <summary>What is known of names that PowerShell has given, as flags.</summary>
/// <typeparam name="TFlags">An enum of flags.</typeparam>
internal sealed class NameTable<TFlags>
    where TFlags : struct, Enum
{
    // Of numbers: a dictionary of each enum would have to be compiled where a session starts its first task.
    private readonly Dictionary<string, int> _flags = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="rows">Flags, and the names that have them; a name may stand in several rows, whose flags it all has.</param>
    public NameTable(params (TFlags Flags, string Names)[] rows)
    {
        foreach ((TFlags flags, string names) in rows)
        {
            TFlags added = flags;
            foreach (string name in names.Split(' '))
            {
                _flags[name] = _flags.GetValueOrDefault(name) | Unsafe.As<TFlags, int>(ref added);
            }
        }
    }

    /// <summary>The flags of a name; none for one that is not in the table.</summary>
    public TFlags this[string name]
    {
        get
        {
            int flags = _flags.GetValueOrDefault(name);
            return Unsafe.As<int, TFlags>(ref flags);
        }
    }
}
