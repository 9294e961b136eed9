<#
What a trace costs: coroutines and web requests as they are, and traced, in turn in one process. Processor time tells more than the
clock where the machine has other work. -Baseline is a module to compare what is not traced with, such as that of a
commit before traces: each of both in a process of its own, in turn.

Needs nginx, as the benchmark of the web does, and leaves the web out where it is missing.
#>
param([int] $Coroutines = 20000, [int] $Requests = 5000, [int] $Round = 9, [int] $Processes = 3, [string] $Baseline)

. "$PSScriptRoot/Common.ps1"
$pwsh = Get-PowerShellHost

function Invoke-Work([string] $Module, [string] $Work, [switch] $Untraced) {
    $arguments = '-NoProfile', '-File', "$PSScriptRoot/trace/work.ps1", '-Module', $Module, '-Work', $Work, '-Address', $address, '-Round', $Round
    $arguments += '-Count', ($Work -eq 'web' ? $Requests : $Coroutines)
    if ($Untraced) { $arguments += '-Untraced' }
    $printed = & $pwsh.FilePath ($pwsh.ArgumentList + $arguments)
    if ($LASTEXITCODE -ne 0) { throw "$Work failed: $printed" }
    $printed | ConvertFrom-Json
}

function Format-Row([string] $Work, [string] $Name, $Figures, $Reference) {
    $processor, $clock = (Get-Median $Figures.processor), (Get-Median $Figures.clock)
    [pscustomobject]@{
        Work = $Work
        Row = $Name
        'Processor, us each' = [Math]::Round($processor, 1)
        'Clock, us each' = [Math]::Round($clock, 1)
        'Processor, %' = $Reference ? '{0:+0.0;-0.0;0.0}' -f (100 * ($processor / (Get-Median $Reference.processor) - 1)) : ''
        'Clock, %' = $Reference ? '{0:+0.0;-0.0;0.0}' -f (100 * ($clock / (Get-Median $Reference.clock) - 1)) : ''
    }
}

$works = @('coroutine')
$address = 'none'
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-trace-$PID")
$server = $null
try {
    $nginx = Get-Command nginx, /usr/sbin/nginx -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    if ($nginx) {
        $works += 'web'
        $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $probe.Start()
        $port = $probe.LocalEndpoint.Port
        $probe.Stop()
        $address = "http://127.0.0.1:$port"
        $null = New-Item -ItemType Directory "$folder/pages"
        foreach ($i in 0..999) { [IO.File]::WriteAllText("$folder/pages/$i.txt", "$i ".PadRight(1024, 'x')) }
        $temporary = 'client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi' | ForEach-Object { "$($_)_temp_path $folder/$_;" }
        "daemon off; master_process off; pid $folder/nginx.pid; error_log stderr error; events { worker_connections 1024; }
        http { access_log off; keepalive_requests 1000000; open_file_cache max=4000; $temporary server { listen 127.0.0.1:$port; root $folder; } }" | Set-Content "$folder/nginx.conf"
        $server = Start-Process $nginx.Source -ArgumentList '-e', 'stderr', '-c', "$folder/nginx.conf" -PassThru
        $until = [DateTime]::UtcNow.AddSeconds(10)
        do { Start-Sleep -Milliseconds 50 } until (($client = [Net.Sockets.TcpClient]::new()) -and $(try { $client.Connect('127.0.0.1', $port); $true } catch { [DateTime]::UtcNow -gt $until } finally { $client.Dispose() }))
    } else {
        Write-Host 'Trace: nginx is missing, so the web is left out. On Debian and Ubuntu: apt-get install nginx'
    }

    $rows = foreach ($work in $works) {
        $figures = @(foreach ($i in 1..$Processes) { Invoke-Work $modulePath $work })
        $untraced, $traced = $figures.Where({ -not $_.traced }, 'Split')
        Format-Row $work 'not traced' $untraced $null
        Format-Row $work 'traced' $traced $untraced
        if ($Baseline) {
            $before, $after = @(), @()
            foreach ($i in 1..$Processes) {
                # Each as often first as second.
                if ($i % 2) { $before += Invoke-Work (Convert-Path $Baseline) $work -Untraced }
                $after += Invoke-Work $modulePath $work -Untraced
                if ($i % 2 -eq 0) { $before += Invoke-Work (Convert-Path $Baseline) $work -Untraced }
            }
            Format-Row $work 'the baseline' $before $null
            Format-Row $work 'not traced, beside it' $after $before
        }
        $events = @($traced.events)[-1]
        Write-Host ('Trace: {0}: {1} events; Stop-AsyncTrace takes {2:0.00} us for each' -f $work, $events, (Get-Median $traced.stop))
    }
    $rows | Format-Table
} finally {
    if ($server) { $server.Kill($true) }
    Start-Sleep -Milliseconds 200
    Remove-Item $folder -Recurse -Force
}
