#requires -Version 7.4
<#
.SYNOPSIS
Builds, shows, tests and measures AsyncJobs.

.DESCRIPTION
Build      output/AsyncJobs, ready for Import-Module ./output/AsyncJobs (the default)
Demo       builds, then fetches and stores several hundred pages of a small web server of its own
Test       builds, then runs the xunit tests of the core and all Pester tests
Benchmark  builds, then runs tests/benchmarks
Docs       builds, then brings the pages under docs/en-US in line with the cmdlets
Package    builds, then packs output/AsyncJobs into a zip file

.EXAMPLE
./build.ps1 -Task Test -Name Help

.EXAMPLE
./build.ps1 -Task Benchmark -Name Sleep,Import
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Demo', 'Test', 'Benchmark', 'Docs', 'Package')]
    [string] $Task = 'Build',

    # Which Pester files or benchmarks to run, by name without extension; wildcards are fine. All unless given.
    [string[]] $Name = '*',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
# From another shell a list arrives as one string.
$Name = $Name -split ', *'
. "$PSScriptRoot/.build/Tools.ps1"
. "$PSScriptRoot/.build/Steps.ps1"

Push-Location $PSScriptRoot
try {
    Build-Module -Configuration $Configuration
    switch ($Task) {
        'Demo' { Invoke-Pwsh '.build/Demo.ps1' }
        'Test' { $failures = Test-Module -Name $Name -Configuration $Configuration }
        'Benchmark' { Get-Script tests/benchmarks $Name '.Benchmark.ps1' | ForEach-Object { Invoke-Pwsh $_ } }
        'Docs' { Invoke-Pwsh '.build/Help.ps1' -Update }
        'Package' { Compress-Module }
    }
} catch {
    # The message is all a reader needs; the position would be one of this script.
    [Console]::Error.WriteLine("build.ps1: $_")
    exit 1
} finally {
    Pop-Location
}

exit $(if ($Task -eq 'Test') { $failures } else { 0 })
