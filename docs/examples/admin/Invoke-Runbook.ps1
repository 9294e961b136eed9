#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A runbook: clears old files on many shares at once, with -WhatIf, a transcript and an exit code that a scheduler understands.
.DESCRIPTION
Each folder is worked on by a task of its own. With -WhatIf, nothing is removed and the transcript says what would be. The exit code
is 0 if all went well, 1 if some folders failed, 2 if all did.
.PARAMETER Folder
The folders.
.PARAMETER OlderThanDays
Files that were last written longer ago are removed.
.PARAMETER TranscriptPath
The transcript of this run; it is appended to.
.EXAMPLE
pwsh -Command './Invoke-Runbook.ps1 -Folder /mnt/a/tmp, /mnt/b/tmp -TranscriptPath /var/log/runbook.log -WhatIf; exit $LASTEXITCODE'
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string[]] $Folder,
    [ValidateRange(0, 10000)] [int] $OlderThanDays = 30,
    [Parameter(Mandatory)] [string] $TranscriptPath
)

$ErrorActionPreference = 'Stop'

function Clear-Folder {
    [CmdletBinding(SupportsShouldProcess)]
    param([string] $Path, [datetime] $Before)
    $removed = 0
    foreach ($file in Get-ChildItem -LiteralPath $Path -File -Recurse | Where-Object LastWriteTime -LT $Before) {
        if ($PSCmdlet.ShouldProcess($file.FullName, 'Remove')) {
            Remove-Item -LiteralPath $file.FullName
            $removed++
        }
    }

    $removed
}

# The transcript is about what is done, not a thing that would be done.
$null = Start-Transcript -LiteralPath $TranscriptPath -Append -WhatIf:$false
try {
    $before = (Get-Date).AddDays(-$OlderThanDays)
    $results = @($Folder | ForEach-Async -PassThru -ThrottleLimit 8 -TimeoutSec 3600 { Clear-Folder $_ $before })
    foreach ($result in $results) {
        Write-Host ('{0}: {1}' -f $result.Input, ($result.Error ? "FAILED: $($result.Error)" : "$($result.Output) files removed"))
    }
}
finally {
    $null = Stop-Transcript -WhatIf:$false
}

$failed = @($results | Where-Object Error).Count
exit $failed -eq 0 ? 0 : $failed -lt $results.Count ? 1 : 2
