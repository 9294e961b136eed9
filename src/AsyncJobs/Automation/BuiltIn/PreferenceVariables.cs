namespace AsyncJobs.Automation.BuiltIn;

/// <summary>The preference variables of PowerShell.</summary>
internal static class PreferenceVariables
{
    /// <summary>The name of the table of default parameters.</summary>
    public const string DefaultParameters = "PSDefaultParameterValues";

    public static readonly string[] Names =
    [
        "ErrorActionPreference", "WarningPreference", "VerbosePreference", "DebugPreference", "InformationPreference",
        "ProgressPreference", "ConfirmPreference", "WhatIfPreference", "PSNativeCommandUseErrorActionPreference",
        "PSNativeCommandArgumentPassing", "OutputEncoding", "OFS", "FormatEnumerationLimit", "PSModuleAutoLoadingPreference",
    ];

    private static readonly HashSet<string> Known = new(Names, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a variable is one of them.</summary>
    public static bool Are(string name) => Known.Contains(name);
}
