#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Downloads large files in pieces, several at once, and goes on where an earlier run was broken off.
.DESCRIPTION
Each file is fetched piece by piece into a file that ends in .part, beside which the version is kept that the server gives it (ETag).
A later run asks for what is missing, of that same version only: where the file has changed meanwhile, the server sends all of it and it
begins anew. A file gets its name when it is whole. Writes an object for each file.
.PARAMETER Uri
The addresses; a file is called as the last part of its address.
.PARAMETER Folder
The folder for the files.
.PARAMETER PieceSize
How many bytes are asked for at once; so many are lost at most when a connection breaks.
.PARAMETER ThrottleLimit
How many files are fetched at once.
.EXAMPLE
Get-Content images.txt | ./Save-Download.ps1 -Folder /srv/images
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, ValueFromPipeline)] [uri[]] $Uri,
    [Parameter(Mandatory)] [string] $Folder,
    [ValidateRange(1, 1gb)] [long] $PieceSize = 8mb,
    [ValidateRange(1, 32)] [int] $ThrottleLimit = 4
)

begin {
    $all = [Collections.Generic.List[uri]]::new()
    $root = Convert-Path -LiteralPath $Folder
}
process {
    $all.AddRange($Uri)
}
end {
    $all | ForEach-Async -ThrottleLimit $ThrottleLimit -PassThru -Progress {
        $file = Join-Path $root ([IO.Path]::GetFileName($_.LocalPath))
        $part = [IO.FileInfo]::new("$file.part")
        $versionFile = "$file.etag"
        $version = $part.Exists -and (Test-Path -LiteralPath $versionFile) ? (Get-Content -LiteralPath $versionFile -Raw) : $null
        $have = $version ? $part.Length : 0
        do {
            $headers = @{ Range = "bytes=$have-$($have + $PieceSize - 1)" }
            if ($version) {
                $headers['If-Range'] = $version
            }

            $answer = await (Start-AsyncWebRequest $_ -Headers $headers -MaximumRetryCount 4 -RetryIntervalSec 1)
            $bytes = $answer.RawContentStream.ToArray()
            $isPiece = $answer.StatusCode -eq 206
            if (-not $isPiece -or -not $version) {
                # The beginning, or all of it, since the server knows no pieces or has another version now.
                $version = "$($answer.Headers['ETag'])"
                Set-Content -LiteralPath $versionFile $version -NoNewline
                $have = 0
            }

            $stream = [IO.FileStream]::new($part.FullName, ($have ? 'Append' : 'Create'))
            try {
                $null = await $stream.WriteAsync($bytes, 0, $bytes.Length)
            }
            finally {
                $stream.Dispose()
            }

            $have += $bytes.Length
            $total = $isPiece ? [long] ("$($answer.Headers['Content-Range'])" -split '/')[-1] : $have
        } while ($have -lt $total)

        Move-Item -LiteralPath $part.FullName $file -Force
        Remove-Item -LiteralPath $versionFile
        $file
    } | ForEach-Object {
        [pscustomobject]@{ Uri = $_.Input; State = $_.State; File = $_.Output; Error = $_.Error.Exception.Message }
    }
}
