<#
Turns docs/en-US into the help of the built module; with -Update first brings the pages in line with its cmdlets.
Started by build.ps1 in a PowerShell of its own, because -Update loads the module.
#>
param([switch] $Update)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Tools.ps1"
Import-Module Microsoft.PowerShell.PlatyPS -MinimumVersion 1.0

$root = Split-Path $PSScriptRoot
$docs = "$root/docs/en-US"
$module = "$root/output/AsyncJobs"

# A new cmdlet gets a page to fill in; a page that exists gets its cmdlet's present syntax and parameters.
function Update-Page {
    # PlatyPS would take the help of the built module for the cmdlets' own and merge it into the pages it came from.
    Remove-Item "$module/en-US" -Recurse
    foreach ($command in (Import-Module "$module/AsyncJobs.psd1" -PassThru).ExportedCmdlets.Values) {
        $page = "$docs/$($command.Name).md"
        if (-not (Test-Path $page)) {
            Move-Item (New-MarkdownCommandHelp -CommandInfo $command -OutputFolder "$root/output/docs" -Force) $page
            Write-Host "New: docs/en-US/$($command.Name).md"
        }

        $null = Update-MarkdownCommandHelp $page -NoBackup

        # PlatyPS keeps the syntax of parameter sets that are gone, and drops the common parameters from what it renews.
        $sets = $command.ParameterSets.Name
        $text = [regex]::Replace((Get-Content $page -Raw) -replace '\r', '(?s)### (?<set>[^\n]+)\n\n```\n(?<syntax>[^`]+?)\n```\n\n(?=.*## DESCRIPTION)', {
            param($match)
            $set = $match.Groups['set'].Value -replace ' \(Default\)$'
            $syntax = $match.Groups['syntax'].Value -replace '\s*\[<CommonParameters>\]'
            $set -notin $sets ? '' : $match.Value.Replace($match.Groups['syntax'].Value, "$syntax [<CommonParameters>]")
        })

        # It does not look for aliases, and the day of the run does not belong in the history.
        $aliases = @(Get-Alias -Definition $command.Name -ErrorAction Ignore | ForEach-Object { "  ``$($_.Name)``" })
        $section = $aliases ? "## ALIASES`n`nThis cmdlet has the following aliases,`n$($aliases -join "`n")`n`n" : ''
        $text = $text -replace '(?m)^ms\.date:.*\n' -replace '(?s)## ALIASES\n.*?(?=## DESCRIPTION)' -replace '(?=## DESCRIPTION)', $section
        Set-Content $page "$($text.TrimEnd() -replace '\n{3,}', "`n`n")`n" -NoNewline
    }

    $text = "# AsyncJobs`n`nEvery cmdlet of the module; [about_AsyncJobs](about_AsyncJobs.md) explains what they have in common.`n`n"
    foreach ($help in Get-CommandHelp) {
        $text += "- [$($help.Title)]($($help.Title).md): $($help.Synopsis)`n"
    }

    Set-Content "$docs/AsyncJobs.md" $text -NoNewline
}

# What is Markdown's alone does not belong on a console: marks of code, and links to files, on which Get-Help fails.
# An example becomes one paragraph, since Get-Help drops the blank lines between several and the first line's indent.
function ConvertTo-ConsoleHelp([string] $Xml) {
    $text = [regex]::Replace($Xml -replace '\r', '(?s)(?<=<maml:introduction>)\s*<maml:para>(?<text>.*?)</maml:para>\s*(?=</maml:introduction>)', {
        param($match)
        $example = $match.Groups['text'].Value -replace '</maml:para>\s*<maml:para>', "`n`n" -replace '\s*&#x80;\s*', "`n`n"
        $isCode = $false
        $lines = foreach ($line in $example -split '\n') {
            if ($line -match '^```') {
                $isCode = -not $isCode
            } else {
                $isCode -and $line ? "    $line" : $line
            }
        }

        "<maml:para>$($lines -join "`n")</maml:para>"
    })
    $text -replace
        '`([^`\n]+)`', '$1' -replace
        '<maml:uri>[^<:]+\.md</maml:uri>', '<maml:uri />' -replace
        '\s*<maml:navigationLink>\s*<maml:linkText>Online Version</maml:linkText>\s*<maml:uri />\s*</maml:navigationLink>'
}

function Get-CommandHelp {
    Get-ChildItem $docs -Filter *-*.md | Sort-Object Name | Import-MarkdownCommandHelp
}

# PlatyPS converts pages of cmdlets only, so the about pages are done here: the little Markdown they use becomes the
# indented text that Get-Help expects.
function ConvertTo-AboutText([string[]] $Line, [string] $Topic) {
    $width = 76
    $isCode = $false
    $paragraph = ''
    $hanging = ''
    $flush = {
        if ($paragraph) {
            Format-Paragraph $paragraph $hanging $width
        }

        $paragraph = ''
        $hanging = ''
    }

    foreach ($text in $Line) {
        if ($text -match '^```') {
            . $flush
            $isCode = -not $isCode
        } elseif ($isCode) {
            "        $text".TrimEnd()
        } elseif ($text -match '^# ') {
            'TOPIC'
            "    $Topic"
        } elseif ($text -match '^##+ (?<title>.+)') {
            . $flush
            $Matches.title.ToUpperInvariant() -replace '`'
        } elseif ($text -match '^\s*$') {
            . $flush
            ''
        } elseif ($text -match '^\|') {
            "    $text" -replace '`'
        } elseif ($text -match '^(?<mark>- |\d+\. )(?<rest>.+)') {
            . $flush
            $paragraph = $Matches.mark + $Matches.rest
            $hanging = ' ' * $Matches.mark.Length
        } else {
            $paragraph = "$paragraph $($text.Trim())".Trim()
        }
    }

    . $flush
}

function Format-Paragraph([string] $Text, [string] $Hanging, [int] $Width) {
    # Links keep their words; code and emphasis lose their marks.
    $plain = $Text -replace '\[([^\]]+)\]\([^)]+\)', '$1' -replace '`([^`]+)`', '$1' -replace '\*\*([^*]+)\*\*', '$1'
    $line = '   '
    foreach ($word in $plain -split ' ') {
        if ($line.Length + 1 + $word.Length -gt $Width) {
            $line
            $line = "   $Hanging"
        }

        $line += " $word"
    }

    $line
}

if ($Update) {
    Update-Page
}

$null = New-Item -ItemType Directory -Force "$module/en-US"
$pages = @(Get-CommandHelp)
if ($pages) {
    # PlatyPS adds a folder named after the module.
    $null = Export-MamlCommandHelp $pages -OutputFolder "$root/output/help" -Force
    ConvertTo-ConsoleHelp (Get-Content "$root/output/help/AsyncJobs/AsyncJobs.dll-Help.xml" -Raw) | Set-Content "$module/en-US/AsyncJobs.dll-Help.xml"
}

foreach ($about in Get-ChildItem $docs -Filter about_*.md) {
    ConvertTo-AboutText (Get-Content $about) $about.BaseName | Set-Content "$module/en-US/$($about.BaseName).help.txt"
}
