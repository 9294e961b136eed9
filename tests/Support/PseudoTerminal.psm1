# A PowerShell at a prompt, on a pseudo-terminal.

. $PSScriptRoot/../../.build/PowerShellHost.ps1
Add-Type -Path $PSScriptRoot/PseudoTerminal.cs, $PSScriptRoot/TerminalScreen.cs -IgnoreWarnings -WarningAction Ignore

function New-Prompt {
    <# Starts a PowerShell that has the module and a prompt on a pseudo-terminal; dispose of it. #>
    $module = Convert-Path $PSScriptRoot/../../output/AsyncJobs
    $pwsh = Get-PowerShellHost
    $terminal = [PseudoTerminal]::new($pwsh.FilePath, @(
            $pwsh.ArgumentList
            '-NoProfile'
            '-NoLogo'
            '-NoExit'
            '-Command'
            "Set-PSReadLineOption -HistorySaveStyle SaveNothing -PredictionSource None; Import-Module '$module'"
        ))
    $terminal | Add-Member Place $terminal.WaitFor('PS [^\r\n]*> ', 0, 120)
    $terminal
}

function Invoke-AtPrompt {
    <# Types a command line, waits for the prompt behind it, and writes the lines that it wrote. #>
    param([PseudoTerminal] $Terminal, [string] $Line, [double] $TimeoutSec = 60)
    # What is typed is echoed, so the marks around the output are put together there.
    $mark = "$(Get-Random)"
    $Terminal.Type("'be' + 'gin$mark'; $Line; 'e' + 'nd$mark'`r")
    $begin = $Terminal.WaitFor("begin$mark\r?\n", $Terminal.Place, $TimeoutSec)
    $end = $Terminal.WaitFor("end$mark\r?\n", $begin, $TimeoutSec)
    $Terminal.Place = $Terminal.WaitFor('PS [^\r\n]*> ', $end, $TimeoutSec)
    $Terminal.Text.Substring($begin, $end - $begin) -split '\r?\n' | Where-Object { $_ -and $_ -ne "end$mark" }
}

function Wait-AtPrompt {
    <# Waits until an expression is true at the prompt, which is left idle between one look and the next. #>
    param([PseudoTerminal] $Terminal, [string] $Condition, [int] $TimeoutSec = 60)
    $deadline = [DateTime]::UtcNow.AddSeconds($TimeoutSec)
    while ((Invoke-AtPrompt $Terminal "[bool]($Condition)") -ne 'True') {
        if ([DateTime]::UtcNow -gt $deadline) { throw "Not within $TimeoutSec s: $Condition" }
        Start-Sleep -Milliseconds 800
    }
}

Export-ModuleMember -Function New-Prompt, Invoke-AtPrompt, Wait-AtPrompt
