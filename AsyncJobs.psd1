@{
    RootModule             = 'AsyncJobs.dll'
    ModuleVersion          = '0.2.0'
    GUID                   = '6d0f6c1e-6c0a-4a3d-9d8e-0b6a3c2f7b15'
    Author                 = 'AsyncJobs contributors'
    CompanyName            = 'AsyncJobs'
    Copyright              = '(c) AsyncJobs contributors. MIT License.'
    Description            = "Python's asyncio for PowerShell: an in-process event loop, tasks, gather, semaphores, time-outs, and web and file operations by the thousand without a runspace for each."
    PowerShellVersion      = '7.4'
    CompatiblePSEditions   = @('Core')
    FormatsToProcess       = @('AsyncJobs.Format.ps1xml')
    FunctionsToExport      = @()
    VariablesToExport      = @()
    CmdletsToExport        = @(
        'Add-AsyncQueueItem'
        'Clear-AsyncEvent'
        'Close-AsyncQueue'
        'Complete-AsyncQueueItem'
        'Complete-Future'
        'ConvertTo-AsyncTask'
        'Enter-AsyncLock'
        'Enter-AsyncRateLimiter'
        'Enter-AsyncSemaphore'
        'Exit-AsyncLock'
        'Exit-AsyncSemaphore'
        'Get-AsyncLoop'
        'Get-AsyncTask'
        'Invoke-AsyncDbTransaction'
        'Invoke-AsyncForEach'
        'Invoke-AsyncTaskGroup'
        'Invoke-WithTimeout'
        'New-AsyncBarrier'
        'New-AsyncCondition'
        'New-AsyncDbSource'
        'New-AsyncEvent'
        'New-AsyncLock'
        'New-AsyncQueue'
        'New-AsyncRateLimiter'
        'New-AsyncSemaphore'
        'New-Future'
        'Protect-AsyncTask'
        'Receive-AsyncQueueItem'
        'Receive-AsyncTask'
        'Register-AsyncCallback'
        'Register-AsyncObjectEvent'
        'Reset-AsyncBarrier'
        'Send-AsyncCondition'
        'Set-AsyncEvent'
        'Set-AsyncLoop'
        'Start-AsyncConnectionTest'
        'Start-AsyncDbQuery'
        'Start-AsyncDnsLookup'
        'Start-AsyncDownload'
        'Start-AsyncFileCopy'
        'Start-AsyncFileHash'
        'Start-AsyncFileMove'
        'Start-AsyncFileRead'
        'Start-AsyncFileRemove'
        'Start-AsyncFileWrite'
        'Start-AsyncProcess'
        'Start-AsyncRestMethod'
        'Start-AsyncSleep'
        'Start-AsyncTask'
        'Start-AsyncTrace'
        'Start-AsyncWebRequest'
        'Stop-AsyncBarrier'
        'Stop-AsyncTask'
        'Stop-AsyncTrace'
        'Unregister-AsyncCallback'
        'Use-AsyncLock'
        'Use-AsyncSemaphore'
        'Wait-AsyncBarrier'
        'Wait-AsyncCondition'
        'Wait-AsyncEvent'
        'Wait-AsyncGather'
        'Wait-AsyncObjectEvent'
        'Wait-AsyncQueue'
        'Wait-AsyncTask'
        'Watch-AsyncTask'
    )
    AliasesToExport        = @('async', 'await', 'ForEach-Async')
    PrivateData            = @{
        PSData = @{
            Tags         = @(
                'asyncio', 'async', 'await', 'coroutine', 'eventloop', 'concurrency', 'parallel', 'tasks', 'jobs', 'semaphore', 'queue',
                'PSEdition_Core', 'Windows', 'Linux', 'MacOS'
            )
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = @'
0.2.0
The module builds, tests and packs itself on a machine that has nothing but the .NET SDK and git.
Start-AsyncFileCopy never hands set-uid and set-gid to another owner, and opens no copy wider than its source.
The whole history is in docs/CHANGELOG.md of the repository.
'@
        }
    }
}
