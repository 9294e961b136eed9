namespace AsyncJobs.Automation.BuiltIn;

/// <summary>The preference variables of PowerShell.</summary>
internal static class PreferenceVariables
{
    public static readonly string[] Names =
    [
        "ErrorActionPreference", "WarningPreference", "VerbosePreference", "DebugPreference", "InformationPreference",
        "ProgressPreference", "ConfirmPreference", "WhatIfPreference", "PSNativeCommandUseErrorActionPreference",
        "PSNativeCommandArgumentPassing", "OutputEncoding", "OFS", "FormatEnumerationLimit", "PSModuleAutoLoadingPreference",
    ];
}
