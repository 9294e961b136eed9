#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A task goes on while the script does other work, and is awaited when its result is needed.
#>
param([uri] $Uri = 'https://example.org/')

$page = Start-AsyncRestMethod $Uri

# The request is on its way; nothing waits for it here.
$sum = (1..1000 | Measure-Object -Sum).Sum
"the sum is $sum"

$text = await $page
"the page has $($text.Length) characters"
