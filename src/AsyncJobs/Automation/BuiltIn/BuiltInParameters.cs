namespace AsyncJobs.Automation.BuiltIn;

/// <summary>The parameters that all cmdlets have, and how PowerShell matches the names that a script writes.</summary>
internal static class BuiltInParameters
{
    /// <summary>All of them.</summary>
    public static CommonParameter[] All { get; } =
    [
        new("ErrorAction", "ea", CommonParameterUse.Stream, "ErrorActionPreference"),
        new("WarningAction", "wa", CommonParameterUse.Stream, "WarningPreference"),
        new("InformationAction", "infa", CommonParameterUse.Stream, "InformationPreference"),
        new("ProgressAction", "proga", CommonParameterUse.Stream, "ProgressPreference"),
        new("Verbose", "vb", CommonParameterUse.Stream, "VerbosePreference"),
        new("Debug", "db", CommonParameterUse.Stream, "DebugPreference"),
        new("WhatIf", "wi", CommonParameterUse.Action, "WhatIfPreference"),
        new("Confirm", "cf", CommonParameterUse.Action, "ConfirmPreference"),
        new("OutVariable", "ov", CommonParameterUse.Collecting),
        new("ErrorVariable", "ev", CommonParameterUse.Collecting),
        new("WarningVariable", "wv", CommonParameterUse.Collecting),
        new("InformationVariable", "iv", CommonParameterUse.Collecting),
        new("PipelineVariable", "pv", CommonParameterUse.Pipeline),
        new("OutBuffer", "ob", CommonParameterUse.Buffer),
    ];

    /// <summary>The common parameter of a name or alias, or null.</summary>
    public static CommonParameter? Named(string name) => Array.Find(All, parameter =>
        parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || parameter.Alias.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The common parameter that a name means, which may be an alias or cut short; null for none or several.</summary>
    public static CommonParameter? Find(string written) => Named(written) is { } named ? named
        : Array.FindAll(All, parameter => IsStartOf(written, parameter.Name)) is [var only] ? only
        : null;

    /// <summary>
    /// Whether a name that a script writes means one of a command's own parameters: the whole name, or a beginning that no
    /// other of the command's own has. Common parameters come behind those, unless the name is an alias of one.
    /// </summary>
    /// <param name="written">The name in the script.</param>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="others">Others of the command that begin alike.</param>
    public static bool Means(string written, string parameter, params string[] others) =>
        written.Equals(parameter, StringComparison.OrdinalIgnoreCase)
        || (IsStartOf(written, parameter) && Named(written) is null && !others.Any(other => IsStartOf(written, other)));

    /// <summary>Whether a command is given one of its own parameters by name.</summary>
    /// <inheritdoc cref="Means"/>
    public static bool IsGiven(this CommandAst command, string parameter, params string[] others) =>
        command.CommandElements.OfType<CommandParameterAst>().Any(element => Means(element.ParameterName, parameter, others));

    private static bool IsStartOf(string written, string name) =>
        written.Length > 0 && name.StartsWith(written, StringComparison.OrdinalIgnoreCase);
}
