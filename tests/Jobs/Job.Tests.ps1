BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1

    # A thread job that has begun, and does what the block says afterwards.
    # Start-Sleep is loaded first: a stop that meets the loading makes an error of it, which a task of the job would pass on.
    function Start-BegunJob([scriptblock] $Block) {
        $begun = [Threading.ManualResetEventSlim]::new()
        $job = Start-ThreadJob { Start-Sleep 0; ($using:begun).Set(); & ([scriptblock]::Create($using:Block)) }.GetNewClosure()
        if (-not $begun.Wait(60000)) { throw 'The job did not begin.' }
        $job
    }

    # A job whose state the test sets.
    Add-Type -WarningAction Ignore -IgnoreWarnings -TypeDefinition @'
        using System.Management.Automation;

        public sealed class ManualJob : Job
        {
            public ManualJob(string name) : base("command", name) { }
            public override bool HasMoreData => Output.Count > 0;
            public override string Location => "test";
            public override string StatusMessage => "";
            public int StopCount { get; private set; }
            public void Move(JobState state) => SetJobState(state);
            public override void StopJob() => StopCount++;
        }
'@
}

Describe 'Awaiting a job' {
    AfterEach {
        Remove-EveryJob
    }

    Context 'of <Kind>' -ForEach @(
        @{ Kind = 'Start-ThreadJob'; Start = { Start-ThreadJob { 1; Write-Warning w; Write-Error e; Write-Information i; 2 } } }
        @{ Kind = 'Start-Job'; Start = { Start-Job { 1; Write-Warning w; Write-Error e; Write-Information i; 2 } } }
        @{ Kind = 'ForEach-Object -Parallel -AsJob'; Start = { 0 | ForEach-Object -Parallel { 1; Write-Warning w; Write-Error e; Write-Information i; 2 } -AsJob } }
        @{ Kind = 'Start-AsyncTask -AsJob'; Start = { Start-AsyncTask -AsJob { 1; Write-Warning w; Write-Error e; Write-Information i; 2 } } }
        @{ Kind = 'Start-AsyncTask -AsJob with input'; Start = { 0 | Start-AsyncTask -AsJob { 1; Write-Warning w; Write-Error e; Write-Information i; 2 } } }
    ) {
        It 'gives its output and the records of its streams once each' {
            $job = & $Start
            $records = await $job -TimeoutSec 120 -ErrorAction SilentlyContinue -ErrorVariable errors -WarningAction SilentlyContinue -WarningVariable warnings -InformationVariable information
            $records | Should -Be 1, 2
            @($errors | ForEach-Object { "$_" }) | Should -Be 'e'
            @($warnings | ForEach-Object Message) | Should -Be 'w'
            @($information | ForEach-Object MessageData) | Should -Be 'i'
        }

        It 'leaves them in the job for Receive-Job' {
            # Without the warning, which Receive-Job puts on the host whatever it is told, for a job of Start-Job.
            $job = & ([scriptblock]::Create("$Start".Replace('Write-Warning w; ', '')))
            $null = await $job -TimeoutSec 120 -ErrorAction SilentlyContinue
            Receive-Job $job -ErrorAction SilentlyContinue | Should -Be 1, 2
        }
    }

    It 'writes its records while it runs' {
        $go = [Threading.ManualResetEventSlim]::new()
        $job = Start-ThreadJob { Write-Warning first; $null = ($using:go).Wait(60000); 'done' }
        $seen = [Collections.Generic.List[string]]::new()
        await $job -TimeoutSec 60 3>&1 | ForEach-Object {
            $seen.Add("$_")
            $go.Set()
        }
        $seen | Should -Be 'first', 'done'
    }

    It 'keeps the exception and its position where the job runs in this process' {
        $job = Start-AsyncTask -AsJob { 'before'; throw [IO.IOException]::new('disk') }
        $written = [Collections.Generic.List[object]]::new()
        $caught = try { await $job -TimeoutSec 60 | ForEach-Object { $written.Add($_) } } catch [IO.IOException] { $_ }
        $written | Should -Be 'before'
        $caught.InvocationInfo.Line | Should -BeLike '*throw `[IO.IOException`]*'
    }

    It 'fails with what <Kind> reports' -ForEach @(
        @{ Kind = 'Start-ThreadJob'; Start = { Start-ThreadJob { throw [IO.IOException]::new('broken') } } }
        @{ Kind = 'Start-Job'; Start = { Start-Job { throw [IO.IOException]::new('broken') } } }
        @{ Kind = 'ForEach-Object -Parallel -AsJob'; Start = { 1, 2 | ForEach-Object -Parallel { if ($_ -eq 2) { throw [IO.IOException]::new('broken') } } -AsJob } }
        @{ Kind = 'Start-AsyncTask -AsJob with input'; Start = { 1, 2 | Start-AsyncTask -AsJob { if ($_ -eq 2) { throw [IO.IOException]::new('broken') } } } }
    ) {
        $job = & $Start
        { await $job -TimeoutSec 120 } | Should -Throw -ExpectedMessage 'broken'
        $job.State | Should -Be Failed
    }

    It 'of another process keeps the name of the exception type' {
        $job = Start-Job { throw [IO.IOException]::new('broken') }
        $caught = try { await $job -TimeoutSec 120 } catch [Management.Automation.RemoteException] { $_ }
        $caught.Exception.SerializedRemoteException.PSTypeNames | Should -Contain 'Deserialized.System.IO.IOException'
    }

    It 'that was stopped throws OperationCanceledException, after its output' {
        $job = Start-BegunJob { 'written'; Start-Sleep 600 }
        $task = ConvertTo-AsyncTask $job
        Wait-Until { $job.Output.Count -gt 0 }
        Stop-Job $job
        $output = [Collections.Generic.List[object]]::new()
        { await $task -TimeoutSec 60 -ErrorAction SilentlyContinue | ForEach-Object { $output.Add($_) } } | Should -Throw -ExceptionType OperationCanceledException
        $output | Should -Be 'written'
    }

    It 'that is removed meanwhile ends the wait' {
        $job = Start-BegunJob { Start-Sleep 600 }
        $task = ConvertTo-AsyncTask $job
        Remove-Job $job -Force
        { await $task -TimeoutSec 60 } | Should -Throw -ExceptionType OperationCanceledException
    }

    It 'that is removed already gives what it wrote' {
        $job = Start-ThreadJob { 'kept' }
        $null = Wait-Job $job -Timeout 60
        Remove-Job $job
        await $job -TimeoutSec 60 | Should -Be 'kept'
    }

    It 'that waits for input is refused, since nobody would answer' {
        $job = Start-Job { Read-Host question }
        { await $job -TimeoutSec 120 } | Should -Throw -ErrorId JobBlocked -ExpectedMessage "*'$($job.Name)' waits for input*"
        $job.State | Should -Be Blocked
    }

    It 'that is <State> is refused with <Id>, with what it has written, and not stopped' -ForEach @(
        @{ State = 'Suspended'; Id = 'JobSuspended' }
        @{ State = 'Disconnected'; Id = 'JobDisconnected' }
        @{ State = 'Blocked'; Id = 'JobBlocked' }
    ) {
        $job = [ManualJob]::new('manual')
        $job.Move('Running')
        $task = ConvertTo-AsyncTask $job
        $job.Output.Add('written')
        $job.Move($State)
        $output = [Collections.Generic.List[object]]::new()
        { await $task -TimeoutSec 60 | ForEach-Object { $output.Add($_) } } | Should -Throw -ErrorId $Id -ExpectedMessage "*'manual'*"
        $output | Should -Be 'written'
        $job.StopCount | Should -Be 0
    }

    It 'goes on past the state <State>' -ForEach @(
        @{ State = 'NotStarted' }, @{ State = 'AtBreakpoint' }, @{ State = 'Stopping' }, @{ State = 'Suspending' }
    ) {
        $job = [ManualJob]::new('manual')
        $job.Move($State)
        $task = ConvertTo-AsyncTask $job
        { await $task -TimeoutSec 0.1 } | Should -Throw -ErrorId AsyncTimeout
        $job.Move('Completed')
        await $task -TimeoutSec 60
        $task.State | Should -Be Completed
    }

    It 'gives everything although somebody else receives from it meanwhile' {
        $job = [ManualJob]::new('manual')
        $job.Move('Running')
        $job.Output.Add(1)
        $task = ConvertTo-AsyncTask $job
        Receive-Job $job | Should -Be 1
        $job.Output.Add(2)
        $job.Output.Add(3)
        Receive-Job $job | Should -Be 2, 3
        $job.Output.Add(4)
        $job.Move('Completed')
        await $task -TimeoutSec 60 | Should -Be 1, 2, 3, 4
    }

    It 'lets go of one that does not stop' {
        $job = [ManualJob]::new('manual')
        $job.Move('Running')
        { Invoke-WithTimeout 0.1 -Task $job } | Should -Throw -ErrorId AsyncTimeout
        $job.StopCount | Should -Be 1
        $job.JobStateInfo.State | Should -Be Running
    }

    It 'that fails without a reason says so' {
        $job = [ManualJob]::new('manual')
        $job.Move('Failed')
        { await $job -TimeoutSec 60 } | Should -Throw -ExpectedMessage "*'manual' failed*"
    }

    It 'twice gives the same twice' {
        $job = Start-ThreadJob { 7 }
        await $job -TimeoutSec 60 | Should -Be 7
        await $job -TimeoutSec 60 | Should -Be 7
    }
}

Describe 'Jobs and the other waiting cmdlets' {
    AfterEach {
        Remove-EveryJob
    }

    It 'are gathered in input order, with failures as values' {
        $jobs = @(
            Start-Job { 'process' }
            Start-ThreadJob { throw 'thread' }
            Start-AsyncTask -AsJob { 'task' }
        )
        $results = $jobs | Wait-AsyncGather -ReturnExceptions
        $results[0] | Should -Be 'process'
        $results[1].Message | Should -Be 'thread'
        $results[2] | Should -Be 'task'
    }

    It 'come in order of completion' {
        $go = [Threading.ManualResetEventSlim]::new()
        $slow = Start-ThreadJob { $null = ($using:go).Wait(60000); 'slow' }
        $quick = Start-ThreadJob { 'quick' }
        $slow, $quick | Receive-AsyncTask | ForEach-Object { $_; $go.Set() } | Should -Be 'quick', 'slow'
    }

    It 'are stopped at the time-out of Invoke-WithTimeout, and have ended when it throws' {
        $job = Start-BegunJob { Start-Sleep 600 }
        { Invoke-WithTimeout 0.3 -Task $job } | Should -Throw -ErrorId AsyncTimeout
        $job.State | Should -Be Stopped
    }

    It 'go on past the time-out of Wait-AsyncTask' {
        $job = Start-BegunJob { Start-Sleep 600 }
        { await $job -TimeoutSec 0.3 } | Should -Throw -ErrorId AsyncTimeout
        $job.State | Should -Be Running
    }

    It 'are stopped by Ctrl+C in <Command>, if asyncio would' -ForEach @(
        @{ Command = 'await $job'; State = 'Stopped' }
        @{ Command = 'Wait-AsyncGather $job'; State = 'Stopped' }
        @{ Command = 'Invoke-WithTimeout 600 -Task $job'; State = 'Stopped' }
        @{ Command = 'await $job -Any'; State = 'Running' }
        @{ Command = 'Receive-AsyncTask $job'; State = 'Running' }
    ) {
        $session = New-TestSession
        $job = Start-BegunJob { Start-Sleep 600 }
        try {
            $null = Stop-InSession $session "`$signal.Set(); $Command" -Variable @{ job = $job }
            if ($State -eq 'Stopped') {
                $null = Wait-Job $job -Timeout 60
            }
            $job.State | Should -Be $State
        } finally {
            Remove-TestSession $session
        }
    }
}
