<#
Requests to nginx on this machine, through AsyncJobs and through what else one could use: a plain C# program on HttpClient,
curl, Python's aiohttp, and ForEach-Object -Parallel with Invoke-RestMethod.

    plain     20,000 pages of 1 KiB, at most 50 at once
    session   the same with cookies, headers and JSON, which becomes objects
    hosts     pages from 100 hosts
    http2     pages over HTTP/2, at most 50 on the one connection
    down, up  one file of 2 GB, beside curl; the memory that the process had at most is shown

Needs nginx and curl; aiohttp is left out where it is missing. On Debian and Ubuntu: apt-get install nginx curl python3-aiohttp

Every contender is a program of its own under web/. It sends all requests once to warm up, so that what .NET compiles while
it runs is compiled, times them the second time, checks what it got, and prints requests per second, or megabytes. What one
takes of processor time tells more than the rate where the machine has other work.
#>
param(
    [int] $Count = 20000, [int] $ThrottleLimit = 50, [int] $Round = 3, [int] $Megabyte = 2048,
    [string[]] $Load = '*', [string[]] $Contender = '*')

. "$PSScriptRoot/Common.ps1"

# The first of some programs that passes a test; a python3 found first on the path need not be the one with aiohttp.
function Find-Program([string[]] $Path, [string[]] $TestArgument, [switch] $Optional) {
    foreach ($candidate in $Path | Where-Object { Get-Command $_ -CommandType Application -ErrorAction Ignore }) {
        & $candidate @TestArgument *>&1 | Out-Null
        if ($LASTEXITCODE -eq 0) {
            return $candidate
        }
    }

    if (-not $Optional) {
        throw "$($Path[0]) is missing. Install what this benchmark compares with, e.g.: apt-get install nginx curl python3-aiohttp"
    }
}

function Get-FreePort {
    $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $probe.LocalEndpoint.Port
    $probe.Stop()
}

# What a contender prints: its figure, and maybe its processor time and its memory, which are kept beside.
function Invoke-Client([string] $Program, [string[]] $Argument) {
    $printed = & $Program @Argument
    if ($LASTEXITCODE -ne 0 -or "$printed" -notmatch '^[\d.]+( [\d.]+)*$') {
        throw "$Program $Argument failed: $printed"
    }

    [double[]] $figures = -split $printed | ForEach-Object { [double]::Parse($_, [cultureinfo]::InvariantCulture) }
    if ($figures.Count -gt 1) {
        $processor[$name] = @($processor[$name]) + $figures[1]
    }
    if ($figures.Count -gt 2) {
        $peak.Value = [Math]::Max($peak.Value, $figures[2])
    }
    $figures[0]
}

function Invoke-Script([string] $Name, [object[]] $Argument) {
    Invoke-Client $pwsh.FilePath ($pwsh.ArgumentList + @('-NoProfile', '-File', "$PSScriptRoot/web/$Name.ps1") + $Argument)
}

$nginx = Find-Program 'nginx', '/usr/sbin/nginx' '-v'
$curl = Find-Program 'curl' '--version'
$python = Find-Program 'python3', '/usr/bin/python3' '-c', 'import aiohttp' -Optional
$pwsh = Get-PowerShellHost
$baseline = "$PSScriptRoot/web/Baseline"
Invoke-Program dotnet @('build', $baseline, '--configuration', 'Release', '--nologo', '--verbosity', 'quiet', '--disable-build-servers') | Out-Null
$baseline += '/bin/Release/net8.0/Baseline.dll'

# A thousand pages of 1 KiB, each of which tells its number, so that order can be checked.
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-web-$PID")
$null = New-Item -ItemType Directory "$folder/pages", "$folder/json"
foreach ($i in 0..999) {
    [IO.File]::WriteAllText("$folder/pages/$i.txt", "$i ".PadRight(1024, 'x'))
    $page = [ordered]@{ number = $i; name = "page{0:0000}" -f $i; items = 1..20; nested = @{ ok = $true; ratio = 0.5; text = 'y' * 800 } }
    [IO.File]::WriteAllText("$folder/json/$i.json", (ConvertTo-Json $page -Compress))
}

$key = [Security.Cryptography.RSA]::Create(2048)
$request = [Security.Cryptography.X509Certificates.CertificateRequest]::new(
    'CN=localhost', $key, 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
[IO.File]::WriteAllText("$folder/cert.pem", $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-1), [DateTimeOffset]::UtcNow.AddDays(1)).ExportCertificatePem())
[IO.File]::WriteAllText("$folder/key.pem", $key.ExportPkcs8PrivateKeyPem())

$port, $tlsPort, $sinkPort = (Get-FreePort), (Get-FreePort), (Get-FreePort)
$address = "http://127.0.0.1:$port"
$listen = 1..100 | ForEach-Object { "listen 127.0.0.$($_):$port;" }
$temporary = 'client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi' | ForEach-Object { "$($_)_temp_path $folder/$_;" }
@"
daemon off;
worker_processes 1;
pid $folder/nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
http {
    access_log off;
    sendfile on;
    keepalive_requests 1000000;
    open_file_cache max=4000;
    types { text/plain txt; application/json json; }
    $temporary
    server { $listen root $folder; location /json { add_header Set-Cookie "seen=1; Path=/"; } }
    server {
        listen 127.0.0.1:$tlsPort ssl http2;
        ssl_certificate $folder/cert.pem;
        ssl_certificate_key $folder/key.pem;
        root $folder;
    }
}
"@ | Set-Content "$folder/nginx.conf"

$requests = @{ Unit = 'requests/s' }
$loads = [ordered]@{
    plain = $requests + @{ Address = $address; Number = $Count }
    session = $requests + @{ Address = $address; Number = $Count }
    hosts = $requests + @{ Address = $address; Number = $Count }
    http2 = $requests + @{ Address = "https://127.0.0.1:$tlsPort"; Number = $Count }
    down = @{ Unit = 'MB/s'; Address = "$address/large" }
    up = @{ Unit = 'MB/s'; Address = "http://127.0.0.1:$sinkPort/" }
}

# What they measure is in $kind, $to, $number and $file; $name is Measure-InTurn's. -Parallel takes some fifty times as long as the others for the same
# work; fewer requests give the same rate.
$files = [ordered]@{
    'curl' = { Invoke-Script curl_file $kind, $to, $file, $curl }
    'AsyncJobs' = { Invoke-Script asyncjobs $kind, $to, 1, 1, $file }
}
$rivals = [ordered]@{
    'C#' = { Invoke-Client dotnet $baseline, $kind, $to, $number, $ThrottleLimit }
    'AsyncJobs' = { Invoke-Script asyncjobs $kind, $to, $number, $ThrottleLimit }
}
$others = [ordered]@{
    'curl --parallel' = { Invoke-Script curl $to, $number, $ThrottleLimit, $curl }
    'Python, aiohttp' = { Invoke-Client $python "$PSScriptRoot/web/aiohttp_client.py", $to, $number, $ThrottleLimit }
    'ForEach-Object -Parallel' = { Invoke-Script parallel $to, ([int]($number / 10)), $ThrottleLimit }
}
if (-not $python) {
    $others.Remove('Python, aiohttp')
}

$server = Start-Process $nginx "-p $folder -c $folder/nginx.conf" -PassThru -RedirectStandardError "$folder/error.log"
$sink = Start-Process dotnet $baseline, 'sink', $sinkPort -PassThru
try {
    foreach ($needed in $port, $sinkPort) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        while (-not (Test-Connection 127.0.0.1 -TcpPort $needed -Quiet) -and $clock.Elapsed.TotalSeconds -lt 30) {
            Start-Sleep -Milliseconds 100
        }
    }

    foreach ($kind in $loads.Keys | Where-Object { $name = $_; $Load.Where({ $name -like $_ }) }) {
        if ($kind -in 'down', 'up' -and -not (Test-Path "$folder/large")) {
            $large = [IO.File]::Create("$folder/large")
            $large.SetLength($Megabyte * 1MB)
            $large.Dispose()
        }

        $to, $number, $file = $loads[$kind].Address, $loads[$kind]['Number'], "$folder/$($kind -eq 'down' ? 'got' : 'large')"
        $all = $number ? $rivals : $files
        if ($kind -eq 'plain') {
            $all += $others
        }

        $chosen = [ordered]@{}
        $all.Keys | Where-Object { $name = $_; $Contender.Where({ $name -like $_ }) } | ForEach-Object { $chosen[$_] = $all[$_] }
        $peak = [ref] 0.0
        $processor = @{}
        $results = @(Measure-InTurn $chosen $Round -NoWarmUp)
        Remove-Item "$folder/got" -ErrorAction Ignore

        Write-Host "Web, ${kind}: $($number ? "$number requests, at most $ThrottleLimit at once" : "$Megabyte MB"), medians of $Round in turn"
        if ($peak.Value) {
            Write-Host "AsyncJobs had at most $([int]$peak.Value) MB of memory, PowerShell's own included."
        }

        # Rounds differ more than contenders do within a round, so the ratio is taken in each.
        $results | Format-Table @{ n = 'Client'; e = { $_.Name } },
            @{ n = $loads[$kind].Unit; e = { [int]$_.Median } },
            @{ n = "Against $($results[0].Name)"; e = { $one = $_; '{0:0.000}' -f (Get-Median (0..($Round - 1) | ForEach-Object { $one.All[$_] / $results[0].All[$_] })) }; a = 'right' },
            @{ n = "CPU us for each"; e = { $processor[$_.Name] ? '{0:0.0}' -f (Get-Median ($processor[$_.Name] -ne $null)) : '' }; a = 'right' },
            @{ n = 'Each run'; e = { ($_.All | ForEach-Object { [int]$_ }) -join ', ' } } -AutoSize | Out-String -Width 120
    }
} catch {
    Get-Content "$folder/error.log" | Write-Host
    throw
} finally {
    # Told to stop, the master ends its worker too; killed, it would leave it behind.
    & $nginx -p $folder -c "$folder/nginx.conf" -s stop 2>$null
    $sink.Kill()
    $null = $server.WaitForExit(10000), $sink.WaitForExit(10000)
    Remove-Item $folder -Recurse -Force
}
