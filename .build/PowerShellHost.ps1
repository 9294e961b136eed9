# How to start a PowerShell like the present one. Installed by itself it is a program; as a .NET tool it is an assembly that
# runs inside dotnet; and another program may host it.

# What to start, and the arguments that come before those for PowerShell.
function Get-PowerShellHost {
    $process = [Environment]::ProcessPath
    $name = [IO.Path]::GetFileNameWithoutExtension($process)
    $assembly = Join-Path $PSHOME pwsh.dll
    if ($name -eq 'dotnet' -and (Test-Path -LiteralPath $assembly)) {
        return [pscustomobject]@{ FilePath = $process; ArgumentList = @($assembly) }
    }

    $program = $name -eq 'pwsh' ? $process : (Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh'))
    if (-not (Test-Path -LiteralPath $program)) {
        throw "This PowerShell runs inside $process, and there is no $program to start another like it."
    }

    [pscustomobject]@{ FilePath = $program; ArgumentList = @() }
}

# Runs a PowerShell like the present one, without profile and prompts, and writes what it writes; its exit code is in
# $LASTEXITCODE.
function Invoke-PowerShell {
    $pwsh = Get-PowerShellHost
    $arguments = @($pwsh.ArgumentList) + '-NoProfile' + '-NonInteractive' + $args
    $input | & $pwsh.FilePath @arguments
}

# What [Diagnostics.Process]::Start takes to start one, with its output to be read.
function New-PowerShellStartInfo([string[]] $ArgumentList) {
    $pwsh = Get-PowerShellHost
    $start = [Diagnostics.ProcessStartInfo]::new($pwsh.FilePath)
    foreach ($argument in @($pwsh.ArgumentList) + '-NoProfile' + '-NonInteractive' + $ArgumentList) {
        $start.ArgumentList.Add($argument)
    }

    $start.RedirectStandardOutput = $true
    $start
}
