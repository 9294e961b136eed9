BeforeAll {
    Import-Module $PSScriptRoot/../output/AsyncJobs
}

Describe 'ConvertTo-AsyncTask' {
    It 'makes a task of a .NET task' {
        $source = [Threading.Tasks.TaskCompletionSource[string]]::new()
        $task = ConvertTo-AsyncTask $source.Task -Name wrapped
        $task | Should -BeOfType AsyncJobs.AsyncTask
        $task.State | Should -Be 'Running'
        $source.SetResult('done')
        await $task -TimeoutSec 30 | Should -Be 'done'
        $task.Name | Should -Be 'wrapped'
    }

    It 'makes a stopped task of a cancelled .NET task' {
        $task = ConvertTo-AsyncTask ([Threading.Tasks.Task]::FromCanceled([Threading.CancellationToken]::new($true)))
        $task.State | Should -Be 'Stopped'
    }

    It 'makes a task of a wait handle' {
        $handle = [Threading.ManualResetEvent]::new($false)
        $task = $handle | ConvertTo-AsyncTask
        $task.IsCompleted | Should -BeFalse
        $null = $handle.Set()
        @(await $task -TimeoutSec 30).Count | Should -Be 0
    }

    It 'makes a task of a process, whose result is the exit code' {
        $process = [Diagnostics.Process]::Start((Get-Process -Id $PID).Path, [string[]]@('-NoProfile', '-Command', 'exit 3'))
        await (ConvertTo-AsyncTask $process) -TimeoutSec 60 | Should -Be 3
    }

    It 'makes a task of an IAsyncResult' {
        $shell = [powershell]::Create().AddScript('1')
        $task = ConvertTo-AsyncTask $shell.BeginInvoke()
        await $task -TimeoutSec 60
        $task.State | Should -Be 'Completed'
        $shell.Dispose()
    }

    It 'makes a task of a job, with its output and warnings' {
        $task = Start-ThreadJob { Write-Warning w; 1; 2 } | ConvertTo-AsyncTask
        await $task -TimeoutSec 60 -WarningVariable warnings -WarningAction SilentlyContinue | Should -Be 1, 2
        $warnings.Count | Should -Be 1
    }

    It 'stops the job when its task is stopped' {
        $job = Start-ThreadJob { Start-Sleep 600 }
        $task = ConvertTo-AsyncTask $job
        Stop-AsyncTask $task
        $null = Wait-Job $job -Timeout 30
        $job.State | Should -Be 'Stopped'
    }

    It 'passes a task of ours on' {
        $task = Start-AsyncSleep 0
        ConvertTo-AsyncTask $task | Should -Be $task
    }

    It 'refuses what cannot be awaited' {
        { ConvertTo-AsyncTask 'text' } | Should -Throw -ErrorId 'NotAwaitable,*' -ExpectedMessage '*System.String*'
    }
}
