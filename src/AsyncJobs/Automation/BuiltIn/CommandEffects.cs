using System.Management.Automation.Runspaces;
using static AsyncJobs.Automation.BuiltIn.CommandEffect;

namespace AsyncJobs.Automation.BuiltIn;

/// <summary>What PowerShell's own commands do, and ours that stand for them; the one place where that is known.</summary>
internal static class CommandEffects
{
    // By full name, or by verb for whatever has it.
    private static readonly NameTable<CommandEffect> Table = new(
        (ReadsVariable, "Get-Variable"),
        (ChangesVariable, "Set-Variable Clear-Variable"),
        (MakesVariable, "New-Variable"),
        (SetsVariables, "Invoke-RestMethod Invoke-WebRequest Start-AsyncRestMethod Start-AsyncWebRequest Start-AsyncDownload"),
        (RemovesVariable, "Remove-Variable"),
        (LooksUpLocals, "New-Variable Remove-Variable Set-Variable Set-PSBreakpoint"),
        (ChangesScope, "Invoke-Expression Tee-Object"),
        (MakesAlias, "Set-Alias New-Alias"),
        (ChangesAliases, "Set-Alias New-Alias Import-Alias Remove-Alias"),
        (ChangesItems, "Clear-Item Remove-Item New-Item Set-Item Rename-Item"),
        (RemovesItems, "Remove-Item"),
        (MakesDrive, "New-PSDrive Remove-PSDrive"),
        (SetsStrictMode, "Set-StrictMode"),
        (ReachesUnnamed, "Invoke-Expression Get-Command Get-Alias Set-Alias New-Alias Get-PSDrive"),
        (RunsScript, "ForEach-Object Invoke-Command Invoke-Expression"),
        (NamesType, "New-Object"),
        (NamesLocationStack, "Push-Location Pop-Location Get-Location Set-Location"),
        (ChangesSession, "Export-Alias Import-Alias New-Alias Remove-Alias Set-Alias"),
        (ChangesSession, "Clear-Variable New-Variable Remove-Variable Set-Variable"),
        (ChangesSession, "New-PSDrive Remove-PSDrive Import-Module New-Module Remove-Module Register-ArgumentCompleter"),
        (ChangesSession, "New-Event Remove-Event Unregister-Event Wait-Event Register-EngineEvent Register-ObjectEvent Register-WmiEvent"),
        (ChangesSession, "Start-Job Stop-Job Wait-Job Receive-Job Remove-Job Debug-Job Debug-Runspace"),
        (ChangesSession, "New-PSSession Connect-PSSession Disconnect-PSSession Enter-PSSession Exit-PSSession Receive-PSSession"),
        (ChangesSession, "Remove-PSSession Import-PSSession Export-PSSession"),
        (ChangesSession, "Invoke-Command Invoke-Expression Show-Command Trace-Command"),
        (Irreversible, "Add-History Clear-History Enable-ExperimentalFeature Disable-ExperimentalFeature Remove-Module Import-PSSession"),
        (Irreversible, "Set-PSBreakpoint Enable-PSBreakpoint Disable-PSBreakpoint Remove-PSBreakpoint Set-PSDebug Start-ThreadJob"),
        (Irreversible, "Start-Transcript Stop-Transcript Trace-Command Set-TraceSource"),
        (Irreversible, "Update-FormatData Update-TypeData Remove-TypeData"),
        (ShowsModules, "Get-Module Get-Help help TabExpansion2"),
        (OnlyLooks, "Compare- ConvertFrom- ConvertTo- Find- Format- Get- Group- Import- Join- Measure- Resolve- Search- Select-"),
        (OnlyLooks, "Sort- Split- Test- Where- Write-Output Out-Null Out-String"),
        (ShowsUser, "Write- Out-Host Out-Default"),
        (StopsEarly, "Select-Object"),
        (ForEach, "ForEach-Object Where-Object"),
        (Formats, "Format- Out-Default Out-File Out-GridView Out-Host Out-LineOutput Out-Printer Out-String Tee-Object"),
        (Formats, "Get-FormatData Update-FormatData Export-FormatData Get-Command TabExpansion2"));

    // Half a millisecond, for blocks with a name in them that is not that of a cmdlet.
    private static readonly Lazy<Dictionary<string, string>> Aliases = new(ReadAliases);

    /// <summary>What a command does, by one of the names that PowerShell gives it; with or without its module.</summary>
    public static CommandEffect Of(string name)
    {
        string full = FullName(name);
        int dash = full.IndexOf('-', StringComparison.Ordinal);
        return Table[full] | (dash < 0 ? None : Table[full[..(dash + 1)]]);
    }

    /// <summary>Whether a command is called that does one of several things, as far as its name is written and not computed.</summary>
    public static bool Does(this CommandAst command, CommandEffect any) => Do(command.GetCommandName(), any);

    /// <summary>Whether the command of a name does one of several things.</summary>
    public static bool Do(string? name, CommandEffect any) => name is not null && (Of(name) & any) != 0;

    /// <summary>What PowerShell's own alias of a name stands for; null for none.</summary>
    public static string? AliasDefinition(string name) => Aliases.Value.GetValueOrDefault(name);

    private static string FullName(string name) => name.LastIndexOf('\\') is var end and >= 0 ? name[(end + 1)..]
        : name.Contains('-', StringComparison.Ordinal) ? name
        : Aliases.Value.GetValueOrDefault(name, name);

    private static Dictionary<string, string> ReadAliases()
    {
        var aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (SessionStateAliasEntry alias in InitialSessionState.CreateDefault2().Commands.OfType<SessionStateAliasEntry>())
        {
            aliases.TryAdd(alias.Name, alias.Definition);
        }

        return aliases;
    }
}
