#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A script written for ForEach-Object -Parallel, ported: hashes the files of a folder and finds those that are there twice.
.DESCRIPTION
What changed is one word: "ForEach-Object -Parallel" has become "ForEach-Async". $using:, -ThrottleLimit and collections that
are safe for threads mean the same. What is no longer needed may stay, or go: functions need not be defined anew in the block,
$using: may be left out, and the output need not be sorted again, since it comes in the order of the input.
.PARAMETER Path
The folder.
.PARAMETER Algorithm
How files are hashed.
.PARAMETER ThrottleLimit
How many are hashed at once.
.EXAMPLE
./Get-FileDigest.ps1 ~/pictures | Where-Object Copies -GT 1
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $Path,
    [ValidateSet('SHA256', 'SHA512', 'MD5')] [string] $Algorithm = 'SHA256',
    [ValidateRange(1, 64)] [int] $ThrottleLimit = [Environment]::ProcessorCount
)

$seen = [Collections.Concurrent.ConcurrentDictionary[string, int]]::new()
$root = Convert-Path -LiteralPath $Path

$files = Get-ChildItem -LiteralPath $root -File -Recurse | ForEach-Async -ThrottleLimit $ThrottleLimit {
    $counts = $using:seen
    $hash = (Get-FileHash -LiteralPath $_.FullName -Algorithm $using:Algorithm).Hash
    $null = $counts.AddOrUpdate($hash, 1, { param($key, $count) $count + 1 })
    [pscustomobject]@{ File = [IO.Path]::GetRelativePath($using:root, $_.FullName); Length = $_.Length; Hash = $hash }
}

$files | Sort-Object File | Select-Object *, @{ Name = 'Copies'; Expression = { $seen[$_.Hash] } }
