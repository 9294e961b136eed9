# Text files with "\n" at the end of each line, whatever the platform has.

function Get-Text([string] $Path) {
    [IO.File]::ReadAllText($Path) -replace '\r\n?', "`n"
}

function Set-Text([string] $Path, [string] $Text) {
    [IO.File]::WriteAllText($Path, $Text)
}
