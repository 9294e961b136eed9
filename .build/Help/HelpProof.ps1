# The proof that rendered help belongs to the pages and the cmdlets of now: a comment in the rendered XML, with a hash of each
# cmdlet's shape, of each page and of each rendered file (of the XML without the comment). Line ends do not count.

$proofPattern = '(?s)(?<=^<\?xml[^>]*\?>\n)<!--\n(?<proof>.*?)-->\n'

function Add-HelpProof([string] $Xml, [Collections.IDictionary] $Fact) {
    $lines = @(
        '<!--'
        'Rendered from docs/en-US by: ./build.ps1 -Task Docs'
        'A test compares these hashes (SHA-256) with the cmdlets, the pages and the rendered files.'
        $Fact.GetEnumerator().ForEach({ "$($_.Key): $($_.Value)" })
        '-->'
    )
    $Xml.Insert($Xml.IndexOf("`n") + 1, ($lines -join "`n") + "`n")
}

# What the proof speaks of, and the hashes: $Rendered has the texts of the rendered files by their names.
function Get-HelpFact([Management.Automation.PSModuleInfo] $Module, [string] $Docs, [Collections.IDictionary] $Rendered) {
    $facts = [ordered]@{}
    $commands = $Module.ExportedCommands
    foreach ($name in Get-OrdinalOrder $commands.Keys.Where({ $commands[$_].CommandType -ne 'Alias' })) {
        $facts["cmdlet $name"] = Get-TextHash (Get-CommandShape $commands[$name])
    }

    foreach ($page in Get-Page $Docs) {
        $facts["page $($page.Name)"] = Get-TextHash (Get-Text $page.FullName)
    }

    foreach ($name in Get-OrdinalOrder $Rendered.Keys) {
        $facts["file $name"] = Get-TextHash ($Rendered[$name] -replace $proofPattern)
    }

    $facts
}

# What rendered help says that is true no longer: one sentence for each cmdlet, page or file; nothing if all is well.
function Find-HelpFault([Management.Automation.PSModuleInfo] $Module, [string] $Docs, [string] $Folder) {
    $rendered = Get-RenderedHelp $Folder
    $xml = $rendered.Keys.Where({ $_ -like '*-Help.xml' })
    $proof = if ($xml) { [regex]::Match($rendered[$xml[0]], $proofPattern).Groups['proof'].Value }
    if (-not $proof) {
        return "there is no rendered XML with a proof in $Folder"
    }

    $then = @{}
    foreach ($line in [regex]::Matches($proof, '(?m)^(?<fact>(cmdlet|page|file) .+): (?<hash>[0-9a-f]{64})$')) {
        $then[$line.Groups['fact'].Value] = $line.Groups['hash'].Value
    }

    $now = Get-HelpFact $Module $Docs $rendered
    foreach ($fact in Get-OrdinalOrder (@($then.Keys; $now.Keys) | Select-Object -Unique)) {
        if (-not $now.Contains($fact)) {
            "$fact is gone since the help was rendered"
        } elseif (-not $then.Contains($fact)) {
            "$fact is new since the help was rendered"
        } elseif ($now[$fact] -ne $then[$fact]) {
            "$fact has changed since the help was rendered"
        }
    }
}

# The texts of a folder's files by their names.
function Get-RenderedHelp([string] $Folder) {
    $texts = [ordered]@{}
    foreach ($file in Get-ChildItem $Folder -File) {
        $texts[$file.Name] = Get-Text $file.FullName
    }

    $texts
}

function Get-TextHash([string] $Text) {
    [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($Text))).ToLowerInvariant()
}
