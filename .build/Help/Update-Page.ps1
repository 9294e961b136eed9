# A new cmdlet gets a page to fill in; a page that exists gets its cmdlet's present syntax and parameters. The module must have
# no help, which PlatyPS would take for the cmdlets' own and merge into the pages that it came from.
function Update-Page([Management.Automation.PSModuleInfo] $Module, [string] $Docs, [string] $WorkFolder) {
    foreach ($command in $Module.ExportedCmdlets.Values) {
        $page = "$Docs/$($command.Name).md"
        if (-not (Test-Path $page)) {
            Move-Item (New-MarkdownCommandHelp -CommandInfo $command -OutputFolder "$WorkFolder/pages" -Force) $page
            Write-Host "New: docs/en-US/$($command.Name).md"
        }

        $null = Update-MarkdownCommandHelp $page -NoBackup

        # PlatyPS keeps the syntax of parameter sets that are gone, and drops the common parameters from what it renews.
        $sets = $command.ParameterSets.Name
        $text = [regex]::Replace((Get-Text $page), '(?s)### (?<set>[^\n]+)\n\n```\n(?<syntax>[^`]+?)\n```\n\n(?=.*## DESCRIPTION)', {
            param($match)
            $set = $match.Groups['set'].Value -replace ' \(Default\)$'
            $syntax = $match.Groups['syntax'].Value -replace '\s*\[<CommonParameters>\]'
            $set -notin $sets ? '' : $match.Value.Replace($match.Groups['syntax'].Value, "$syntax [<CommonParameters>]")
        })

        # It does not look for aliases, and the day of the run does not belong in the history.
        $aliases = Get-OrdinalOrder $Module.ExportedAliases.Values.Where({ $_.Definition -eq $command.Name }).Name |
            ForEach-Object { "  ``$_``" }
        $section = $aliases ? "## ALIASES`n`nThis cmdlet has the following aliases,`n$($aliases -join "`n")`n`n" : ''
        $text = $text -replace '(?m)^ms\.date:.*\n' -replace '(?s)## ALIASES\n.*?(?=## DESCRIPTION)' -replace '(?=## DESCRIPTION)', $section
        Set-Text $page "$($text.TrimEnd() -replace '\n{3,}', "`n`n")`n"
    }
}

# The list of the cmdlets, with the synopsis of each.
function Update-Index([string] $Docs) {
    $text = "# AsyncJobs`n`nEvery cmdlet of the module; [about_AsyncJobs](about_AsyncJobs.md) is the way in, step by step, and [about_AsyncJobs_Concepts](about_AsyncJobs_Concepts.md) explains what they have in common.`n`n"
    foreach ($help in Get-Page $Docs Cmdlet | Import-MarkdownCommandHelp) {
        $text += "- [$($help.Title)]($($help.Title).md): $($help.Synopsis)`n"
    }

    Set-Text "$Docs/AsyncJobs.md" $text
}
