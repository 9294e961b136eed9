# The pages of about topics: the little Markdown that they use becomes the indented text that Get-Help expects.

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
            . $flush
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
