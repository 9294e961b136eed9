#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Fetches several pages at once, and gathers them in the order of their addresses.
#>
param([uri[]] $Uri = ('https://example.org/', 'https://example.com/', 'https://example.net/'))

$pages = $Uri | Start-AsyncWebRequest | Wait-AsyncGather

foreach ($i in 0..($Uri.Count - 1)) {
    "$($Uri[$i].AbsolutePath): status $($pages[$i].StatusCode), $($pages[$i].Content.Length) characters"
}
