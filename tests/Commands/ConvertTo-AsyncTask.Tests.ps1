BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    Import-Module $PSScriptRoot/../../output/AsyncJobs

    # A job that fails when it is stopped.
    Add-Type -WarningAction Ignore -IgnoreWarnings -TypeDefinition @'
        using System.Management.Automation;

        public sealed class RefusingJob : Job
        {
            public RefusingJob() : base("command", "refusing") => SetJobState(JobState.Running);
            public override bool HasMoreData => false;
            public override string Location => "test";
            public override string StatusMessage => "";
            public override void StopJob() => SetJobState(JobState.Failed);
        }
'@
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
        $process = [Diagnostics.Process]::Start((New-PowerShellStartInfo '-Command', 'exit 3'))
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
        $begun = [Threading.ManualResetEventSlim]::new()
        # Start-Sleep is loaded first: a stop that meets the loading makes an error of it, which the task would pass on.
        $job = Start-ThreadJob { Start-Sleep 0; ($using:begun).Set(); Start-Sleep 600 }
        $begun.Wait(60000) | Should -BeTrue
        Stop-AsyncTask ($task = ConvertTo-AsyncTask $job)
        { await $task -TimeoutSec 60 } | Should -Throw -ErrorId 'AsyncCanceled*'
        $null = Wait-Job $job -Timeout 60
        $job.State | Should -Be 'Stopped'
    }

    It 'is stopped when its job ends without a reason because of that' {
        # So end thread jobs that are stopped while they start.
        $job = [RefusingJob]::new()
        $task = ConvertTo-AsyncTask $job
        Stop-AsyncTask $task
        { await $task -TimeoutSec 60 } | Should -Throw -ErrorId 'AsyncCanceled*'
    }

    It 'passes a task of ours on' {
        $task = Start-AsyncSleep 0
        ConvertTo-AsyncTask $task | Should -Be $task
    }

    It 'refuses what cannot be awaited' {
        { ConvertTo-AsyncTask 'text' } | Should -Throw -ErrorId 'NotAwaitable,*' -ExpectedMessage '*System.String*'
    }

    It 'takes a process that has ended already' {
        $start = New-PowerShellStartInfo '-NoProfile', '-Command', 'exit 3'
        $process = [Diagnostics.Process]::Start($start)
        $process.WaitForExit()
        $task = $process | ConvertTo-AsyncTask
        $task.Name | Should -Be ([IO.Path]::GetFileNameWithoutExtension($start.FileName))
        await $task | Should -Be 3
    }
}
