#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Downloads large files, several at once, and goes on where an earlier run was broken off.
.DESCRIPTION
Each file is fetched into one that ends in .part, beside which the version is kept that the server gives it (ETag). A run that
finds a part of the same version fetches what is missing; one of another version is thrown away, and so is one whose server
tells no version. A file gets its name when it is whole. Writes an object for each address.
.PARAMETER Uri
The addresses; a file is called as the last part of its address.
.PARAMETER Folder
The folder for the files.
.PARAMETER ThrottleLimit
How many files are fetched at once.
.PARAMETER MaximumRetryCount
How often a fetch that breaks off is taken up again by this run.
.EXAMPLE
Get-Content images.txt | ./Save-Download.ps1 -Folder /srv/images
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, ValueFromPipeline)] [uri[]] $Uri,
    [Parameter(Mandatory)] [string] $Folder,
    [ValidateRange(1, 32)] [int] $ThrottleLimit = 4,
    [ValidateRange(0, 100)] [int] $MaximumRetryCount = 4
)

begin {
    $all = [Collections.Generic.List[uri]]::new()
    $root = Convert-Path -LiteralPath $Folder
}
process {
    $all.AddRange($Uri)
}
end {
    $limits = @{ ThrottleLimit = $ThrottleLimit; MaximumRetryCount = $MaximumRetryCount; RetryIntervalSec = 1 }
    $all | ForEach-Async @limits -PassThru -Total $all.Count {
        $file = Join-Path $root ([IO.Path]::GetFileName($_.LocalPath))
        $part, $versionFile = "$file.part", "$file.etag"
        $head = await (Start-AsyncWebRequest $_ -Method Head)
        $version = "$($head.Headers['ETag'])"
        $known = (Test-Path -LiteralPath $versionFile) ? (Get-Content -LiteralPath $versionFile -Raw) : $null
        if (-not $version -or $version -cne $known) {
            Remove-Item -LiteralPath $part -ErrorAction Ignore
            Set-Content -LiteralPath $versionFile $version -NoNewline
        }

        # Should it change at this moment, the server sends all of it instead of the rest.
        $condition = $version ? @{ 'If-Range' = $version } : @{ }
        await (Start-AsyncWebRequest $_ -OutFile $part -Resume -Headers $condition -MaximumRetryCount 0)
        Move-Item -LiteralPath $part $file -Force
        Remove-Item -LiteralPath $versionFile
        $file
    } | ForEach-Object {
        [pscustomobject]@{ Uri = $_.Input; State = $_.State; File = $_.Output; Error = $_.Error.Exception.Message }
    }
}
