#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Watches a folder, and takes in each file that is put there once it is whole: hashes it and moves it away.
.DESCRIPTION
A thread waits for changes and wakes the script; it does so twice a second in any case, since a file system may lose changes, and a
file that is still being written is to be looked at again. Files that have not changed for a while are taken in, several at once. One
that cannot be moved is an error, and is tried again with the next change. Writes an object for each file. Ctrl+C ends it.
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
$changed = New-AsyncEvent
$done = 0

$watch = Start-AsyncTask -OnThread -Name watch {
    $watcher = [IO.FileSystemWatcher]::new($inbox)
    try {
        while ($true) {
            $null = $watcher.WaitForChanged('All', 500)
            Set-AsyncEvent $changed
        }
    }
    finally {
        $watcher.Dispose()
    }
}

try {
    do {
        Wait-AsyncEvent $changed
        Clear-AsyncEvent $changed
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
    Stop-AsyncTask $watch
}
