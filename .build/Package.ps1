# Packs output/AsyncJobs into the package that the PowerShell Gallery takes. Started by build.ps1 in a PowerShell of its own.
$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Tools.ps1"

# The command would make a list of repositories in the user's folder, though it asks none.
$env:XDG_DATA_HOME = (New-Item -ItemType Directory -Force output/.data).FullName
if (-not (Get-Command Compress-PSResource -ErrorAction Ignore)) {
    throw 'Compress-PSResource is missing. It comes with PowerShell 7.5 and later, and with the module Microsoft.PowerShell.PSResourceGet 1.1.'
}

Remove-Item output/AsyncJobs.*.nupkg
Compress-PSResource -Path output/AsyncJobs -DestinationPath output
Write-Host "Packed $((Get-Item output/AsyncJobs.*.nupkg | Resolve-Path -Relative) -replace '^\.[\\/]')"
