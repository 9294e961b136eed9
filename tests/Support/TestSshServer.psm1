# An sshd of the tests' own on a free loopback port, with keys of its own, whose sessions are those of this PowerShell.

. $PSScriptRoot/../../.build/PowerShellHost.ps1

function Find-SshServer {
    <# The paths of sshd, ssh and ssh-keygen, or nothing if one of them is not installed. #>
    $places = @($env:PATH -split [IO.Path]::PathSeparator) + '/usr/sbin', '/usr/local/sbin', '/usr/lib/ssh'
    $found = @{}
    foreach ($name in 'sshd', 'ssh', 'ssh-keygen') {
        $found[$name] = $places | ForEach-Object { Join-Path $_ $name } | Where-Object { Test-Path $_ } | Select-Object -First 1
    }

    if (-not $IsWindows -and $found.Values -notcontains $null) {
        [pscustomobject]@{ Server = $found['sshd']; KeyGenerator = $found['ssh-keygen'] }
    }
}

function Start-TestSshServer {
    <# Starts one; end it with Stop-TestSshServer. #>
    param([Parameter(Mandatory)] $Program)
    $folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-sshd-$([guid]::NewGuid())")).FullName
    foreach ($key in 'host', 'user') {
        $null = & $Program.KeyGenerator -q -t ed25519 -N '' -f "$folder/$key"
    }

    # Run by root, sshd wants this folder, which a container without an init system does not have.
    if ([Environment]::UserName -eq 'root' -and -not (Test-Path /run/sshd)) {
        $null = New-Item -ItemType Directory /run/sshd
    }

    # The server hands this line to a shell.
    $pwsh = Get-PowerShellHost
    $subsystem = (@($pwsh.FilePath) + $pwsh.ArgumentList | ForEach-Object { "'$_'" }) -join ' '
    foreach ($attempt in 1..3) {
        $port = Get-FreePort
        @(
            'ListenAddress 127.0.0.1'
            "Port $port"
            "HostKey $folder/host"
            "AuthorizedKeysFile $folder/user.pub"
            "PidFile $folder/pid"
            'StrictModes no'
            'UsePAM no'
            'PasswordAuthentication no'
            'MaxStartups 100'
            "Subsystem powershell $subsystem -sshs -nologo -noprofile"
        ) | Set-Content "$folder/config"
        $process = Start-Process $Program.Server -ArgumentList '-D', '-e', '-f', "$folder/config" -RedirectStandardError "$folder/log" -PassThru
        if (Test-Listening $process $port) {
            return [pscustomobject]@{ Port = $port; Folder = $folder; Process = $process }
        }
    }

    throw "sshd did not start: $(Get-Content "$folder/log" -Raw)"
}

function Stop-TestSshServer {
    param($Server)
    if ($Server) {
        $Server.Process.Kill($true)
        $null = $Server.Process.WaitForExit(10000)
        Remove-Item $Server.Folder -Recurse -Force
    }
}

function New-TestSshSession {
    <# A PSSession to this machine. #>
    param($Server)
    New-PSSession -HostName 127.0.0.1 -Port $Server.Port -UserName ([Environment]::UserName) -KeyFilePath "$($Server.Folder)/user" -ConnectingTimeout 60000 -Options @{
        StrictHostKeyChecking = 'no'
        UserKnownHostsFile    = '/dev/null'
        LogLevel              = 'ERROR'
    } -ErrorAction Stop
}

function New-TestProcessSession {
    <# A PSSession to a PowerShell process of its own: PowerShell remoting without a network. #>
    [CmdletBinding()]
    param()
    $runspace = [runspacefactory]::CreateOutOfProcessRunspace($null)
    $runspace.Open()
    [Management.Automation.Runspaces.PSSession]::Create($runspace, 'process', $PSCmdlet)
}

function Get-FreePort {
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $listener.LocalEndpoint.Port
    $listener.Stop()
}

function Test-Listening($Process, [int] $Port) {
    $deadline = [DateTime]::UtcNow.AddSeconds(20)
    while (-not $Process.HasExited -and [DateTime]::UtcNow -lt $deadline) {
        $client = [Net.Sockets.TcpClient]::new()
        try {
            $client.Connect('127.0.0.1', $Port)
            return $true
        } catch [Net.Sockets.SocketException] {
            Start-Sleep -Milliseconds 50
        } finally {
            $client.Dispose()
        }
    }

    $false
}

Export-ModuleMember -Function Find-SshServer, Start-TestSshServer, Stop-TestSshServer, New-TestSshSession, New-TestProcessSession
