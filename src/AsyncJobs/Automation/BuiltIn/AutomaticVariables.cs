using static AsyncJobs.Automation.BuiltIn.VariableKind;

namespace AsyncJobs.Automation.BuiltIn;

/// <summary>The variables that PowerShell itself makes; the one place where they are known.</summary>
internal static class AutomaticVariables
{
    private static readonly NameTable<VariableKind> Table = new(
        (Automatic | Everywhere, "$ ? ^ args Error ExecutionContext false HOME Host input IsCoreCLR IsLinux IsMacOS IsWindows"),
        (Automatic | Everywhere, "LASTEXITCODE MyInvocation null PID PSBoundParameters PSCmdlet PSCommandPath PSCulture"),
        (Automatic | Everywhere, "PSEdition PSHOME PSItem PSScriptRoot PSUICulture PSVersionTable PWD ShellId StackTrace true"),
        (Automatic, "_ this"),
        (Everywhere, "ConsoleFileName EnabledExperimentalFeatures Event EventArgs EventSubscriber foreach NestedPromptLevel PROFILE"),
        (Everywhere, "PSDebugContext PSDefaultParameterValues PSSenderInfo PSStyle Sender switch"),
        (Changing, "? ^ $ _ args Error input MyInvocation PSBoundParameters PSCommandPath PSScriptRoot PWD StackTrace this"),
        (OfBlock, "args input MyInvocation"),
        (Literal, "null true false"),
        (OfSession, "ExecutionContext Host LASTEXITCODE PSCmdlet PSDefaultParameterValues Error PSSessionOption PSVersionTable"),
        (Underscore, "_ PSItem"),
        (OfLoop, "foreach switch"),
        (Preference | Everywhere, string.Join(' ', PreferenceVariables.Names)));

    /// <summary>Whether a variable, named without scope, is of one of several kinds.</summary>
    public static bool Are(string name, VariableKind any) => (Table[name] & any) != 0;
}
