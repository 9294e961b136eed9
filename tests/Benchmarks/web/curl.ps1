# curl cannot time all of its transfers itself; its start, some milliseconds with the reading of the list, counts here.
param([string] $Address, [int] $Count, [int] $ThrottleLimit, [string] $Curl)

$ErrorActionPreference = 'Stop'
$list = New-TemporaryFile
try {
    $null = 0..($Count - 1) | ForEach-Object { "url = `"$Address/pages/$($_ % 1000).txt`"`noutput = /dev/null" } | Set-Content $list
    $arguments = '--silent', '--no-progress-meter', '--parallel', '--parallel-max', $ThrottleLimit, '--write-out', '%{http_code} %{size_download}\n', '--config', $list
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $results = & $Curl @arguments 2>$null
    $seconds = $clock.Elapsed.TotalSeconds
} finally {
    Remove-Item $list
}

if (@($results -eq '200 1024').Count -ne $Count) {
    throw "$(@($results -eq '200 1024').Count) of $Count results"
}

($Count / $seconds).ToString('0.0', [cultureinfo]::InvariantCulture)
