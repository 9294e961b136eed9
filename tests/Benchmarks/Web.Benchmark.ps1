<#
Many requests to nginx on this machine, through AsyncJobs and through what else one could use: a plain C# program on
HttpClient, curl, Python's aiohttp, and ForEach-Object -Parallel with Invoke-RestMethod.

Needs nginx, curl and aiohttp; on Debian and Ubuntu: apt-get install nginx curl python3-aiohttp

Every contender is a program of its own under web/. It warms up with a tenth of the requests, times the others itself,
without its start, checks what it got, and prints requests per second.
#>
param([int] $Count = 20000, [int] $ThrottleLimit = 50, [int] $Round = 3, [string[]] $Contender = '*')

. "$PSScriptRoot/Common.ps1"

# The first of some programs that passes a test; a python3 found first on the path need not be the one with aiohttp.
function Find-Program([string[]] $Path, [string[]] $TestArgument, [string] $Package) {
    foreach ($candidate in $Path | Where-Object { Get-Command $_ -CommandType Application -ErrorAction Ignore }) {
        & $candidate @TestArgument *>&1 | Out-Null
        if ($LASTEXITCODE -eq 0) {
            return $candidate
        }
    }

    throw "$Package is missing. Install what this benchmark compares with, e.g.: apt-get install nginx curl python3-aiohttp"
}

$nginx = Find-Program 'nginx', '/usr/sbin/nginx' '-v' 'nginx'
$curl = Find-Program 'curl' '--version' 'curl'
$python = Find-Program 'python3', '/usr/bin/python3' '-c', 'import aiohttp' 'python3-aiohttp'
$pwsh = Get-PowerShellHost

$baseline = "$PSScriptRoot/web/Baseline"
Invoke-Program dotnet @('build', $baseline, '--configuration', 'Release', '--nologo', '--verbosity', 'quiet', '--disable-build-servers') | Out-Null

# A thousand pages of 1 KiB, each of which begins with its number, so that order can be checked.
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-web-$PID")
$null = New-Item -ItemType Directory "$folder/pages"
0..999 | ForEach-Object { [IO.File]::WriteAllText("$folder/pages/$_.txt", "$_ ".PadRight(1024, 'x')) }

$probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
$probe.Start()
$port = $probe.LocalEndpoint.Port
$probe.Stop()
$address = "http://127.0.0.1:$port/pages"

@"
daemon off;
worker_processes 1;
pid $folder/nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000;
    open_file_cache max=2000;
    types { text/plain txt; }
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    server { listen 127.0.0.1:$port; root $folder; }
}
"@ | Set-Content "$folder/nginx.conf"

function Invoke-Client([string] $Program, [string[]] $Argument) {
    $rate = & $Program @Argument
    if ($LASTEXITCODE -ne 0 -or "$rate" -notmatch '^[\d.]+$') {
        throw "$Program $Argument failed: $rate"
    }

    [double]::Parse($rate, [cultureinfo]::InvariantCulture)
}

# -Parallel takes some fifty times as long as the others for the same work; fewer requests give the same rate.
$few = [int]($Count / 10)
$all = [ordered]@{
    'C#, HttpClient and Parallel.ForEachAsync' = { Invoke-Client dotnet "$baseline/bin/Release/net8.0/Baseline.dll", $address, $Count, $ThrottleLimit }
    'AsyncJobs, Start-AsyncRestMethod'         = { Invoke-Client $pwsh.FilePath ($pwsh.ArgumentList + '-NoProfile', '-File', "$PSScriptRoot/web/asyncjobs.ps1", $address, $Count, $ThrottleLimit) }
    'curl --parallel'                          = { Invoke-Client $pwsh.FilePath ($pwsh.ArgumentList + '-NoProfile', '-File', "$PSScriptRoot/web/curl.ps1", $address, $Count, $ThrottleLimit, $curl) }
    'Python, aiohttp'                          = { Invoke-Client $python "$PSScriptRoot/web/aiohttp_client.py", $address, $Count, $ThrottleLimit }
    'ForEach-Object -Parallel'                 = { Invoke-Client $pwsh.FilePath ($pwsh.ArgumentList + '-NoProfile', '-File', "$PSScriptRoot/web/parallel.ps1", $address, $few, $ThrottleLimit) }
}
$chosen = [ordered]@{}
foreach ($name in $all.Keys) {
    if ($Contender.Where({ $name -like $_ })) {
        $chosen[$name] = $all[$name]
    }
}

$server = Start-Process $nginx "-p $folder -c $folder/nginx.conf" -PassThru -RedirectStandardError "$folder/error.log"
try {
    $null = Invoke-WebRequest "$address/1.txt" -MaximumRetryCount 5 -RetryIntervalSec 1
    $results = Measure-InTurn $chosen $Round -NoWarmUp
} catch {
    Get-Content "$folder/error.log" | Write-Host
    throw
} finally {
    # Told to quit, the master ends its worker too; killed, it would leave it behind.
    & $nginx -p $folder -c "$folder/nginx.conf" -s quit 2>$null
    $server.WaitForExit(10000) | Out-Null
    Remove-Item $folder -Recurse -Force
}

# Rounds differ more than contenders do within a round, so the ratio is taken in each.
function Get-Ratio($Result) {
    Get-Median (0..($Result.All.Count - 1) | ForEach-Object { $Result.All[$_] / $results[0].All[$_] })
}

Write-Host "Web: $Count requests for 1 KiB from nginx (-Parallel: $few), at most $ThrottleLimit at once, medians of $Round in turn"
$results | Format-Table @{ n = 'Client'; e = { $_.Name } },
    @{ n = 'Requests/s'; e = { [int]$_.Median } },
    @{ n = "Against $(($results[0].Name -split ',')[0])"; e = { '{0:0.000}' -f (Get-Ratio $_) }; a = 'right' },
    @{ n = 'Each run'; e = { ($_.All | ForEach-Object { [int]$_ }) -join ', ' } } -AutoSize | Out-String -Width 120
