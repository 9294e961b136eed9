using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <summary>What every thread task takes along from its caller: preference variables and the file system location.</summary>
internal sealed class CallerState
{
    private static readonly string[] PreferenceNames =
    [
        "ErrorActionPreference", "WarningPreference", "VerbosePreference", "DebugPreference", "InformationPreference",
        "ProgressPreference", "ConfirmPreference", "WhatIfPreference", "PSNativeCommandUseErrorActionPreference",
    ];

    private readonly object?[] _preferences;
    private readonly string _location;

    public CallerState(PSCmdlet caller)
    {
        _preferences = Array.ConvertAll(PreferenceNames, caller.GetVariableValue);
        _location = caller.SessionState.Path.CurrentFileSystemLocation.ProviderPath;
    }

    public void ApplyTo(Runspace runspace)
    {
        for (int i = 0; i < PreferenceNames.Length; i++)
        {
            runspace.SessionStateProxy.SetVariable(PreferenceNames[i], _preferences[i]);
        }

        if (runspace.SessionStateProxy.Path.CurrentFileSystemLocation.ProviderPath != _location)
        {
            runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(_location));
        }
    }
}
