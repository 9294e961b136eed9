#requires -Version 7.4
<#
.SYNOPSIS
Builds, shows, tests and measures AsyncJobs.

.DESCRIPTION
Build         output/AsyncJobs, ready for Import-Module ./output/AsyncJobs (the default)
Demo          builds, then fetches and stores several hundred pages of a small web server of its own; a page that shows what
              each task did is output/demo-trace.html
Test          builds, then runs all tests: the code's format, xunit, Pester
Benchmark     builds, then runs tests/Benchmarks
Architecture  prints which folder of the code uses which, with its cycles and two-way pairs, as read from the assemblies
Docs          builds, then brings the pages under docs/en-US in line with the cmdlets and renders the help from them;
              needs the module Microsoft.PowerShell.PlatyPS
Package       builds, then packs output/AsyncJobs into output/AsyncJobs.<version>.nupkg, which the PowerShell Gallery takes

.EXAMPLE
./build.ps1 -Task Test -Name AsyncLock

.EXAMPLE
./build.ps1 -Task Benchmark -Name Sleep,Import
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Demo', 'Test', 'Benchmark', 'Architecture', 'Docs', 'Package')]
    [string] $Task = 'Build',

    # Which tests or benchmarks to run; wildcards are fine. All unless given. A test goes by its file's name without the
    # ending: AsyncLock is AsyncLock.Tests.ps1 and AsyncLockTests.cs.
    [string[]] $Name = '*',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    # Takes output/AsyncJobs as it is.
    [switch] $NoBuild
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
# From another shell a list arrives as one string.
$Name = $Name -split ', *'
. "$PSScriptRoot/.build/Tools.ps1"
. "$PSScriptRoot/.build/Steps.ps1"
. "$PSScriptRoot/.build/Help/PlatyPS.ps1"

Push-Location $PSScriptRoot
try {
    $failures = 0
    if ($Task -eq 'Docs') {
        Assert-PlatyPS
    }

    # What the tests need built depends on which they are.
    if (-not $NoBuild -and $Task -ne 'Test') {
        Build-Module -Configuration $Configuration
    }

    switch ($Task) {
        'Demo' { Invoke-Pwsh '.build/Demo.ps1' }
        'Test' { $failures = Test-Module -Name $Name -Configuration $Configuration -NoBuild:$NoBuild }
        'Benchmark' { Get-Script tests/Benchmarks $Name '.Benchmark.ps1' | ForEach-Object { Invoke-Pwsh $_ } }
        'Architecture' { Invoke-Program dotnet @('run', '--project', 'tests/Architecture', '--configuration', $Configuration) }
        'Docs' { Update-Help -Configuration $Configuration }
        'Package' { Invoke-Pwsh '.build/Package.ps1' }
    }
} catch {
    # The message is all a reader needs; the position would be one of this script.
    [Console]::Error.WriteLine("build.ps1: $_")
    exit 1
} finally {
    Pop-Location
}

exit $failures
