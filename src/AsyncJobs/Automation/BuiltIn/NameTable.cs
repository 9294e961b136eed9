namespace AsyncJobs.Automation.BuiltIn;

/// <summary>What is known of names that PowerShell has given, as flags.</summary>
/// <typeparam name="TFlags">An enum of flags.</typeparam>
internal sealed class NameTable<TFlags>
    where TFlags : struct, Enum
{
    private readonly Dictionary<string, TFlags> _flags;

    /// <param name="rows">Flags, and the names that have them; a name may stand in several rows, whose flags it all has.</param>
    public NameTable(params (TFlags Flags, string Names)[] rows) => _flags = rows
        .SelectMany(static row => row.Names.Split(' '), static (row, name) => (name, Bits: Convert.ToInt32(row.Flags, provider: null)))
        .GroupBy(static pair => pair.name, static pair => pair.Bits, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(
            static name => name.Key,
            static name => (TFlags)Enum.ToObject(typeof(TFlags), name.Aggregate(static (all, bits) => all | bits)),
            StringComparer.OrdinalIgnoreCase);

    /// <summary>The flags of a name; none for one that is not in the table.</summary>
    public TFlags this[string name] => _flags.GetValueOrDefault(name);
}
