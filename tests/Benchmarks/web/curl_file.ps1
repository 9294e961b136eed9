# One large file with curl, which times it itself: megabytes per second.
param([string] $Kind, [string] $Address, [string] $File, [string] $Curl)

$ErrorActionPreference = 'Stop'
$direction = $Kind -eq 'down' ? @('--output', $File) : @('--upload-file', $File, '--header', 'Expect:')
$answer = & $Curl --silent --write-out '%{http_code} %{time_total}' @direction $Address
$status, $seconds = "$answer" -split ' '
if ($LASTEXITCODE -ne 0 -or $status -ne 200) {
    throw "curl: $answer"
}

((Get-Item $File).Length / 1MB / [double]::Parse($seconds, [cultureinfo]::InvariantCulture)).ToString('0.0', [cultureinfo]::InvariantCulture)
