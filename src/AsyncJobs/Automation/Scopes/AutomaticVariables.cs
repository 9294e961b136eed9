namespace AsyncJobs.Automation.Scopes;

/// <summary>Variables that PowerShell gives every runspace or every block, and that are not taken along.</summary>
internal static class AutomaticVariables
{
    private static readonly HashSet<string> Names = new(
        [
            "$", "?", "^", "args", "ConsoleFileName", "EnabledExperimentalFeatures", "Error", "Event", "EventArgs", "EventSubscriber",
            "ExecutionContext", "false", "foreach", "HOME", "Host", "input", "IsCoreCLR", "IsLinux", "IsMacOS", "IsWindows",
            "LASTEXITCODE", "MyInvocation", "NestedPromptLevel", "null", "PID", "PROFILE", "PSBoundParameters", "PSCmdlet",
            "PSCommandPath", "PSCulture", "PSDebugContext", "PSDefaultParameterValues", "PSEdition", "PSHOME", "PSItem", "PSScriptRoot",
            "PSSenderInfo", "PSStyle", "PSUICulture", "PSVersionTable", "PWD", "Sender", "ShellId", "StackTrace", "switch", "true",
            .. PreferenceVariables.Names,
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a variable, named without scope, is one of them.</summary>
    public static bool Contains(string name) => Names.Contains(name);
}
