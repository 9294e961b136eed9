#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A semaphore around fetches: never more than three at once, however many there are.
#>
param([uri[]] $Uri = (1..9 | ForEach-Object { "https://example.org/?page=$_" }))

$semaphore = New-AsyncSemaphore -Count 3

$tasks = $Uri | Start-AsyncTask {
    $page = $_
    Use-AsyncSemaphore $semaphore {
        await (Start-AsyncRestMethod $page)
    }
}
$pages = Wait-AsyncGather $tasks
"$($pages.Count) pages through one semaphore, whose permits are all back: $($semaphore.CurrentCount)"

# The cmdlets that start work take the semaphore themselves.
$pages = $Uri | Start-AsyncRestMethod -Semaphore $semaphore | Wait-AsyncGather
"$($pages.Count) pages again"
