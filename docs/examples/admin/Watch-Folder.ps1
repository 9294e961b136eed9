#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Watches a folder, and takes in each file that is put there once it is whole: hashes it and moves it away.
.DESCRIPTION
The events of a file system watcher wake the script; it looks by itself as well every -SettleSec, since a file system may lose
events, and a file that is still being written is to be looked at again. Files that have not changed for a while are taken in,
several at once. One that cannot be moved is an error, and is tried again. Writes an object for each file. Ctrl+C ends it.
.PARAMETER Path
The folder to watch.
.PARAMETER Destination
The folder that files are moved to. A file gets its hash in front of its name, so that none takes the place of another.
.PARAMETER SettleSec
For how long a file must not have changed.
.PARAMETER Count
Ends after so many files; 0 goes on until Ctrl+C.
.PARAMETER ThrottleLimit
How many files are taken in at once.
.EXAMPLE
./Watch-Folder.ps1 /srv/inbox /srv/archive | Export-Csv taken-in.csv
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $Path,
    [Parameter(Mandatory, Position = 1)] [string] $Destination,
    [ValidateRange(0.1, 3600)] [double] $SettleSec = 2,
    [ValidateRange(0, [int]::MaxValue)] [int] $Count = 0,
    [ValidateRange(1, 64)] [int] $ThrottleLimit = 4
)

$inbox = Convert-Path -LiteralPath $Path
$archive = Convert-Path -LiteralPath $Destination
$done = 0

# One event is as good as many: those that come while it is there are dropped.
$watcher = [IO.FileSystemWatcher]::new($inbox)
$changes = Register-AsyncObjectEvent $watcher Created -Capacity 1
'Changed', 'Renamed' | ForEach-Object { $null = Register-AsyncObjectEvent $watcher $_ -Queue $changes }
$watcher.EnableRaisingEvents = $true

try {
    do {
        try {
            $null = Receive-AsyncQueueItem $changes -TimeoutSec $SettleSec
        }
        catch [TimeoutException] {
            # Nothing was heard: time to look.
        }

        Get-ChildItem -LiteralPath $inbox -File
            | Where-Object LastWriteTime -LT (Get-Date).AddSeconds(-$SettleSec)
            | ForEach-Async -ThrottleLimit $ThrottleLimit {
                $hash = (Get-FileHash -LiteralPath $_.FullName -ErrorAction Stop).Hash
                $target = Join-Path $archive "$($hash.Substring(0, 12))-$($_.Name)"
                Move-Item -LiteralPath $_.FullName $target -Force -ErrorAction Stop
                [pscustomobject]@{ Name = $_.Name; Length = $_.Length; Hash = $hash; File = $target }
            }
            | ForEach-Object { $done++; $_ }
    } while ($Count -eq 0 -or $done -lt $Count)
}
finally {
    Close-AsyncQueue $changes
    $watcher.Dispose()
}
