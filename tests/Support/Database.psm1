# The providers that the tests of databases bring, and a PostgreSQL of their own on a free loopback port.

. $PSScriptRoot/../../.build/Tools.ps1

function Get-DatabaseProvider {
    <# The path of a provider's assembly: Npgsql or Microsoft.Data.Sqlite. Builds the project that has them where it is not built. #>
    param([string] $Name)
    $project = Join-Path $PSScriptRoot DatabaseProviders
    $path = Join-Path $project "bin/Release/net8.0/$Name.dll"
    # Test files run side by side, and one of them builds.
    $turn = [IO.File]::Open((Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-providers-$([Environment]::UserName)"), 'OpenOrCreate')
    try {
        foreach ($attempt in 1..600) {
            try {
                $turn.Lock(0, 1)
                break
            } catch [IO.IOException] {
                Start-Sleep -Milliseconds 200
            }
        }

        $sources = Get-Item "$project/DatabaseProviders.csproj", "$PSScriptRoot/../Directory.Packages.props"
        if (-not (Test-Path $path) -or ($sources.LastWriteTimeUtc | Sort-Object)[-1] -gt (Get-Item "$project/bin/Release/net8.0/DatabaseProviders.dll").LastWriteTimeUtc) {
            $null = Invoke-Program dotnet (@('build', $project, '--configuration', 'Release', '--nologo', '--verbosity', 'quiet', '-target:Rebuild') + $buildServerSwitches)
        }
    } finally {
        $turn.Dispose()
    }

    (Resolve-Path $path).ProviderPath
}

function Find-PostgreSql {
    <# The folder of initdb and postgres, or nothing where there is none or nobody to run it: it refuses root. #>
    $places = @($env:PATH -split [IO.Path]::PathSeparator) + (Get-Item /usr/lib/postgresql/*/bin -ErrorAction Ignore).FullName
    $folder = $places | Where-Object { $_ -and (Test-Path "$_/initdb") -and (Test-Path "$_/postgres") } | Select-Object -First 1
    if ($folder -and -not $IsWindows -and ([Environment]::UserName -ne 'root' -or ((Get-Command setpriv -ErrorAction Ignore) -and (id -u postgres 2>$null)))) {
        $folder
    }
}

function Start-TestPostgreSql {
    <# Starts one, with the user postgres and a password; end it with Stop-TestPostgreSql. #>
    $bin = Find-PostgreSql
    $folder = [IO.Directory]::CreateTempSubdirectory('asyncjobs-postgres-').FullName
    $password = 'hush-{0}' -f [guid]::NewGuid().ToString('n')
    Set-Content "$folder/password" $password -NoNewline
    $as = @()
    if ([Environment]::UserName -eq 'root') {
        chown -R postgres $folder
        $as = 'setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'
    }

    $null = Invoke-Program env (@($as) + "$bin/initdb", '-D', "$folder/data", '-U', 'postgres', '-A', 'scram-sha-256', "--pwfile=$folder/password", '-E', 'UTF8', '--locale=C', '--no-sync')
    foreach ($attempt in 1..3) {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $listener.Stop()
        $arguments = @($as) + "$bin/postgres", '-D', "$folder/data", '-p', $port, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'
        $process = Start-Process env -ArgumentList $arguments -RedirectStandardError "$folder/log" -RedirectStandardOutput "$folder/out" -PassThru
        $deadline = [DateTime]::UtcNow.AddSeconds(60)
        while (-not $process.HasExited -and [DateTime]::UtcNow -lt $deadline) {
            if ((Get-Content "$folder/log" -Raw) -match 'ready to accept connections') {
                return [pscustomobject]@{
                    Port = $port; Password = $password; Folder = $folder; Process = $process
                    ConnectionString = "Host=127.0.0.1;Port=$port;Username=postgres;Password=$password;Database=postgres"
                }
            }

            Start-Sleep -Milliseconds 50
        }
    }

    throw "PostgreSQL did not start: $(Get-Content "$folder/log" -Raw)"
}

function Stop-TestPostgreSql {
    param($Server)
    if ($Server) {
        # It ends its own processes, and at once.
        /bin/kill -QUIT $Server.Process.Id
        if (-not $Server.Process.WaitForExit(20000)) { $Server.Process.Kill($true) }
        Remove-Item $Server.Folder -Recurse -Force
    }
}

Export-ModuleMember -Function Get-DatabaseProvider, Find-PostgreSql, Start-TestPostgreSql, Stop-TestPostgreSql
