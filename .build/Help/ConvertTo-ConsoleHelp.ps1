# The XML of PlatyPS, without what is Markdown's alone and does not belong on a console: marks of code, and links to files,
# on which Get-Help fails. An example becomes one paragraph, since Get-Help drops the blank lines between several and the
# first line's indent.
function ConvertTo-ConsoleHelp([string] $Xml) {
    $introduction = '(?s)(?<=<maml:introduction>)\s*<maml:para>(?<text>.*?)</maml:para>\s*(?=</maml:introduction>)'
    $text = [regex]::Replace($Xml -replace '\r', $introduction, {
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
