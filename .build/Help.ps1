<#
Brings the pages under docs/en-US in line with the cmdlets of the built module, and renders them to src/AsyncJobs/en-US, from
where a build takes the help. Started by build.ps1 in a PowerShell of its own, because it loads the module.
#>
$ErrorActionPreference = 'Stop'
foreach ($script in Get-ChildItem "$PSScriptRoot/Help/*.ps1") {
    . $script
}

Import-PlatyPS

$root = Split-Path $PSScriptRoot
$docs = "$root/docs/en-US"
$target = "$root/src/AsyncJobs/en-US"
$work = "$root/output/docs"
Remove-Item $work -Recurse -ErrorAction Ignore
$null = New-Item -ItemType Directory "$work/AsyncJobs"

# The module without its help, which would get into the pages.
Copy-Item "$root/output/AsyncJobs/*" "$work/AsyncJobs" -Exclude en-US
$module = Import-Module "$work/AsyncJobs/AsyncJobs.psd1" -PassThru

Update-Page $module $docs $work
Update-Index $docs
$help = ConvertTo-Help $module $docs $work

$null = New-Item -ItemType Directory -Force $target
Remove-Item "$target/*"
foreach ($file in $help.GetEnumerator()) {
    Set-Text "$target/$($file.Key)" $file.Value
}

Write-Host 'Rendered docs/en-US to src/AsyncJobs/en-US'
