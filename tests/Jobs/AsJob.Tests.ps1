BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Start-AsyncTask -AsJob' {
    AfterEach {
        Remove-EveryJob
    }

    Context 'without input' {
        It 'writes a job that Get-Job finds by <Way>' -ForEach @(
            @{ Way = 'id'; Find = { Get-Job -Id $job.Id } }
            @{ Way = 'instance id'; Find = { Get-Job -InstanceId $job.InstanceId } }
            @{ Way = 'name'; Find = { Get-Job -Name NIGHT* } }
            @{ Way = 'state'; Find = { Get-Job -State Completed } }
            @{ Way = 'command'; Find = { Get-Job -Command '*40 + 2*' } }
            @{ Way = 'filter'; Find = { Get-Job -Filter @{ Name = 'nightly'; State = 'Completed' } 3> $null } }
            @{ Way = 'nothing'; Find = { Get-Job } }
        ) {
            $job = Start-AsyncTask -AsJob -Name nightly { 40 + 2 }
            $null = Wait-Job $job -Timeout 60
            & $Find | Should -Be $job
        }

        It 'says what a job says of itself' {
            $before = [DateTime]::Now
            $job = Start-AsyncTask -AsJob { 'output' }
            $null = Wait-Job $job -Timeout 60
            $job | Should -BeOfType AsyncJobs.AsyncTaskJob
            $job.Name | Should -Be "Job$($job.Id)"
            $job.PSJobTypeName | Should -Be AsyncJob
            $job.Location | Should -Be PowerShell
            $job.Command | Should -Be " 'output' "
            $job.ChildJobs.Count | Should -Be 0
            $job.State | Should -Be Completed
            $job.HasMoreData | Should -BeTrue
            $job.PSBeginTime | Should -BeGreaterOrEqual $before
            $job.PSEndTime | Should -BeGreaterOrEqual $job.PSBeginTime
            $job.Finished.WaitOne(0) | Should -BeTrue
            $job.JobStateInfo.Reason | Should -BeNullOrEmpty
        }

        It 'has the task, which has the name of the job' {
            $job = Start-AsyncTask -AsJob -Name nightly { 5 }
            $job.Task | Should -BeOfType AsyncJobs.AsyncTask
            $job.Task.Name | Should -Be nightly
            await $job.Task -TimeoutSec 60 | Should -Be 5
            await $job -TimeoutSec 60 | Should -Be 5
            (Start-AsyncTask -AsJob { }).Task.Name | Should -BeLike 'Job*'
        }

        It 'takes arguments, $using: and a time limit as a task does' {
            $factor = 3
            $job = Start-AsyncTask -AsJob -ArgumentList 14 { param($x) $x * $using:factor }
            Receive-Job $job -Wait | Should -Be 42

            $job = Start-AsyncTask -AsJob -TimeoutSec 0.2 { Start-Sleep 600 }
            $null = Wait-Job $job -Timeout 60
            $job.State | Should -Be Failed
            { Receive-Job $job -ErrorAction Stop } | Should -Throw -ExceptionType TimeoutException
        }

        It 'is Failed with the exception as its reason, which Receive-Job writes where it happened' {
            $job = Start-AsyncTask -AsJob { 'before'; throw [IO.IOException]::new('disk') }
            $null = Wait-Job $job -Timeout 60
            $job.State | Should -Be Failed
            $job.JobStateInfo.Reason.Message | Should -Be 'disk'
            Receive-Job $job -ErrorAction SilentlyContinue -ErrorVariable errors | Should -Be 'before'
            $errors.Count | Should -Be 1
            $errors[0].Exception | Should -BeOfType IO.IOException
            $errors[0].InvocationInfo.PositionMessage | Should -BeLike '*AsJob.Tests.ps1*throw*'
        }

        It 'is Failed by an error that ends its statement' {
            foreach ($block in { 'written'; 1 / 0; 'no' }, { 'written'; await (Start-AsyncSleep 0); 1 / 0; 'no' }) {
                $job = Start-AsyncTask $block -AsJob
                { await $job -TimeoutSec 60 } | Should -Throw '*divide by zero*'
                $job | Wait-Job -Timeout 30 | Should -Not -BeNullOrEmpty
                $job.State | Should -Be 'Failed'
                $job.JobStateInfo.Reason.Message | Should -BeLike '*divide by zero*'
                Receive-Job $job -ErrorAction SilentlyContinue | Should -Be 'written'
                Remove-Job $job
            }
        }

        It 'shows every run of a periodic task' {
            $job = Start-AsyncTask -AsJob -Every 00:00:00.02 -Count 3 { 'tick' }
            Receive-Job $job -Wait | Should -Be tick, tick, tick
        }

        It 'belongs to the group that its command stands in' {
            $seen = [Collections.Generic.List[object]]::new()
            { Invoke-AsyncTaskGroup { $seen.Add((Start-AsyncTask -AsJob { Start-Sleep 600 })); throw 'end' } } | Should -Throw
            $seen[0].Task.State | Should -Be Stopped
            $null = Wait-Job $seen[0] -Timeout 60
            $seen[0].State | Should -Be Stopped
        }

        It 'does not count as a failure that nobody saw' {
            $session = New-TestSession
            try {
                $warnings = Invoke-InSession $session '$job = Start-AsyncTask -AsJob { throw "seen in the job" }; $null = Wait-Job $job -Timeout 60; Remove-Job $job; 1'
                $warnings | Should -Be 1
                Invoke-InSession $session 'Get-AsyncLoop 3>&1' | Should -BeOfType AsyncJobs.AsyncLoopInfo
            } finally {
                Remove-TestSession $session
            }
        }

        It 'shows the output of the last attempt only' {
            $attempts = [Collections.Concurrent.ConcurrentQueue[int]]::new()
            $job = Start-AsyncTask -AsJob -MaximumRetryCount 2 -RetryIntervalSec 0.01 {
                ($using:attempts).Enqueue(1)
                $count = ($using:attempts).Count
                "attempt $count"
                if ($count -lt 3) { throw 'again' }
            }
            Receive-Job $job -Wait | Should -Be 'attempt 3'
        }
    }

    Context 'with pipeline input' {
        It 'writes one job with a child for each object, in order' {
            $job = 1..5 | Start-AsyncTask -AsJob -Name squares { $_ * $_ }
            @($job).Count | Should -Be 1
            $job | Should -BeOfType AsyncJobs.AsyncBatchJob
            $job.Name | Should -Be squares
            $job.ChildJobs.Count | Should -Be 5
            $job.ChildJobs[3].Task.InputObject | Should -Be 4
            Receive-Job $job -Wait | Should -HaveCount 5
            $job.State | Should -Be Completed
            $job.PSEndTime | Should -BeGreaterOrEqual $job.PSBeginTime
        }

        It 'gives the output child by child' {
            $job = 1..5 | Start-AsyncTask -AsJob { $_ * $_ }
            $null = Wait-Job $job -Timeout 60
            Receive-Job $job | Should -Be 1, 4, 9, 16, 25
            $job.HasMoreData | Should -BeFalse
        }

        It 'is <State> when a child <What>' -ForEach @(
            @{ State = 'Failed'; What = 'failed'; Act = { Stop-Job $job.ChildJobs[0]; $go.Set() } }
            @{ State = 'Stopped'; What = 'was stopped and none failed'; Act = { Stop-Job $job.ChildJobs[0], $job.ChildJobs[1]; $go.Set() } }
            @{ State = 'Completed'; What = 'completed, as all others'; Act = { $go.Set() }; Quiet = $true }
        ) {
            $go = [Threading.ManualResetEventSlim]::new()
            $isQuiet = [bool]$Quiet
            $job = 1..3 | Start-AsyncTask -AsJob { $null = ($using:go).Wait(60000); if ($_ -eq 2 -and -not $using:isQuiet) { throw 'two' } }
            . $Act
            $null = Wait-Job $job -Timeout 60
            $job.State | Should -Be $State
        }

        It 'writes the error of each child that failed, once' {
            $job = 1..4 | Start-AsyncTask -AsJob { if ($_ % 2) { throw "odd $_" }; $_ }

            # Receive-Job itself writes the error of any job twice that fails while it writes what is there already.
            $null = Wait-Job $job -Timeout 60
            Receive-Job $job -Wait -ErrorAction SilentlyContinue -ErrorVariable errors | Should -HaveCount 2
            @($errors | ForEach-Object { "$_" } | Sort-Object) | Should -Be 'odd 1', 'odd 3'
        }

        It 'finds children where Get-Job is asked for them' {
            $job = 1..2 | Start-AsyncTask -AsJob { $_ }
            $null = Wait-Job $job -Timeout 60
            Get-Job | Should -Be $job
            Get-Job -IncludeChildJob | Should -HaveCount 3
            Get-Job -Id $job.ChildJobs[1].Id | Should -Be $job.ChildJobs[1]
        }

        It 'keeps to -ThrottleLimit' {
            $running = [Collections.Concurrent.ConcurrentDictionary[int, int]]::new()
            $most = [Collections.Concurrent.ConcurrentBag[int]]::new()
            $job = 1..12 | Start-AsyncTask -AsJob -ThrottleLimit 3 {
                $null = ($using:running).TryAdd($_, 1)
                ($using:most).Add(($using:running).Count)
                Start-Sleep -Milliseconds 20
                $removed = 0
                $null = ($using:running).TryRemove($_, [ref]$removed)
            }
            $null = Wait-Job $job -Timeout 60
            $job.State | Should -Be Completed
            ($most | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 3
        }

        It 'is Completed at once without any input' {
            $job = @() | Start-AsyncTask -AsJob { 1 }
            $job.State | Should -Be Completed
            $job.ChildJobs.Count | Should -Be 0
        }

        It 'stops what it has started when the pipeline is stopped before the job is written' {
            $session = New-TestSession
            try {
                # Start-Sleep is loaded first: a stop that meets the loading ends that and not the pipeline.
                $null = Stop-InSession $session 'Start-Sleep -Milliseconds 1; 1..3 | ForEach-Object { $_; if ($_ -eq 3) { $signal.Set(); Start-Sleep 600 } } | Start-AsyncTask -AsJob { Start-Sleep 600 }'
                Invoke-InSession $session -TimeoutSec 60 { Wait-Until { -not (Get-AsyncTask) }; @(Get-Job).Count } | Should -Be 0
            } finally {
                Remove-TestSession $session
            }
        }
    }

    Context 'and Receive-Job' {
        It 'puts every record into its own stream' {
            $job = Start-AsyncTask -AsJob {
                'output'
                Write-Error error
                Write-Warning warning
                Write-Verbose verbose -Verbose
                Write-Debug debug -Debug
                Write-Information information
                Write-Progress progress -Completed
            }
            $null = Wait-Job $job -Timeout 60
            $job.Output | Should -Be 'output'
            "$($job.Error)" | Should -Be 'error'
            "$($job.Warning)" | Should -Be 'warning'
            "$($job.Verbose)" | Should -Be 'verbose'
            "$($job.Debug)" | Should -Be 'debug'
            "$($job.Information)" | Should -Be 'information'
            $job.Progress.Count | Should -BeGreaterThan 0

            Receive-Job $job -ErrorAction SilentlyContinue -ErrorVariable errors -WarningAction SilentlyContinue -WarningVariable warnings -InformationVariable information | Should -Be 'output'
            $errors.Count, $warnings.Count, $information.Count | Should -Be 1, 1, 1
            $job.HasMoreData | Should -BeFalse
        }

        It 'gives everything again with -Keep, and nothing without' {
            $job = Start-AsyncTask -AsJob { 1..3 }
            $null = Wait-Job $job -Timeout 60
            Receive-Job $job -Keep | Should -Be 1, 2, 3
            Receive-Job $job -Keep | Should -Be 1, 2, 3
            Receive-Job $job | Should -Be 1, 2, 3
            Receive-Job $job | Should -BeNullOrEmpty
        }

        It 'gives what is there of a job that runs' {
            $go = [Threading.ManualResetEventSlim]::new()
            $job = Start-AsyncTask -AsJob { 'first'; $null = ($using:go).Wait(60000); 'second' }
            Wait-Until { $job.HasMoreData }
            Receive-Job $job | Should -Be 'first'
            $job.State | Should -Be Running
            $go.Set()
            Receive-Job $job -Wait | Should -Be 'second'
        }

        It 'streams with -Wait' {
            $go = [Threading.ManualResetEventSlim]::new()
            $job = Start-AsyncTask -AsJob { 'first'; $null = ($using:go).Wait(60000); 'second' }
            Receive-Job $job -Wait | ForEach-Object { $_; $go.Set() } | Should -Be 'first', 'second'
        }

        It 'removes with -AutoRemoveJob' {
            $job = Start-AsyncTask -AsJob { 1 }
            Receive-Job $job -Wait -AutoRemoveJob -ErrorVariable errors | Should -Be 1
            $errors | Should -BeNullOrEmpty
            Get-Job | Should -BeNullOrEmpty
        }

        It 'removes a job that ends meanwhile, at once' {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            foreach ($i in 1..20) {
                Start-AsyncTask -AsJob { Start-Sleep -Milliseconds 5; 1 } | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop | Should -Be 1
            }

            # Each would take ten seconds if the removal waited for the end that tells of it.
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 60
            Get-Job | Should -BeNullOrEmpty
        }

        It 'removes once a job that ends while its output is written' {
            $go = [Threading.ManualResetEventSlim]::new()
            $job = Start-AsyncTask -AsJob { 'first'; $null = ($using:go).Wait(60000) }
            Wait-Until { $job.HasMoreData }

            # Receive-Job removes the job when it has written that, and once more when it hears of the end.
            Receive-Job $job -Wait -AutoRemoveJob -ErrorVariable errors -ErrorAction SilentlyContinue |
                ForEach-Object { $_; $go.Set(); Wait-Until { $job.State -eq 'Completed' } } | Should -Be 'first'
            $errors | Should -BeNullOrEmpty
            Get-Job | Should -BeNullOrEmpty
        }

        It 'reports the end with -WriteEvents' {
            $go = [Threading.ManualResetEventSlim]::new()
            $job = Start-AsyncTask -AsJob { 'first'; $null = ($using:go).Wait(60000) }

            # What comes from Receive-Job comes while it waits.
            $events = @(Receive-Job $job -Wait -WriteEvents | ForEach-Object { $go.Set(); $_ })
            $events[0] | Should -Be 'first'
            $events[-1].JobStateInfo.State | Should -Be Completed
        }
    }

    Context 'and Wait-Job, Stop-Job, Remove-Job' {
        It 'waits for any of several' {
            $slow = Start-AsyncTask -AsJob { Start-Sleep 600 }
            $quick = Start-AsyncTask -AsJob { 1 }
            Wait-Job $slow, $quick -Any -Timeout 60 | Should -Be $quick
        }

        It 'waits so long and no longer' {
            $job = Start-AsyncTask -AsJob { Start-Sleep 600 }
            Wait-Job $job -Timeout 1 | Should -BeNullOrEmpty
            $job.State | Should -Be Running
        }

        It 'stops the task' {
            $job = Start-AsyncTask -AsJob { Start-Sleep 600 }
            Stop-Job $job
            $job.State | Should -Be Stopped
            $job.Task.State | Should -Be Stopped
            Receive-Job $job -ErrorVariable errors
            $errors | Should -BeNullOrEmpty
        }

        It 'stops a block that does not stop by itself' {
            $job = Start-AsyncTask -AsJob { [Threading.Thread]::Sleep(4000) }
            Wait-Until { $job.State -eq 'Running' }
            Stop-Job $job
            $job.State | Should -Be Stopped
        }

        It 'stops all children' {
            $job = 1..5 | Start-AsyncTask -AsJob -ThrottleLimit 2 { Start-Sleep 600 }
            Stop-Job $job
            $job.State | Should -Be Stopped
            $job.ChildJobs.State | Select-Object -Unique | Should -Be Stopped
        }

        It 'does nothing to a job that has ended' {
            $job = Start-AsyncTask -AsJob { 1 }
            $null = Wait-Job $job -Timeout 60
            Stop-Job $job
            $job.State | Should -Be Completed
        }

        It 'is stopped with its task' {
            $job = Start-AsyncTask -AsJob { Start-Sleep 600 }
            Stop-AsyncTask $job.Task
            Wait-Job $job -Timeout 60 | Should -Be $job
            $job.State | Should -Be Stopped
        }

        It 'removes a running job with -Force only' {
            $job = Start-AsyncTask -AsJob { Start-Sleep 600 }
            { Remove-Job $job -ErrorAction Stop } | Should -Throw
            Remove-Job $job -Force
            Get-Job | Should -BeNullOrEmpty
            Wait-Until { $job.Task.State -eq 'Stopped' }
        }

        It 'cannot be <What>' -ForEach @(
            @{ What = 'started again'; Act = { $job.StartJob() } }
            @{ What = 'suspended'; Act = { $job.SuspendJob() } }
            @{ What = 'resumed'; Act = { $job.ResumeJob() } }
            @{ What = 'unblocked'; Act = { $job.UnblockJob() } }
        ) {
            $job = Start-AsyncTask -AsJob -Name fixed { 1 }
            { . $Act } | Should -Throw -ErrorId NotSupportedException -ExpectedMessage "*'fixed'*"
        }
    }

    It 'says what cannot be taken along, and leaves no job' -ForEach @(
        @{ Start = { Start-AsyncTask -AsJob { & $module { 1 } } } }
        @{ Start = { 1..3 | Start-AsyncTask -AsJob { & $module { 1 } } } }
    ) {
        $module = Get-Module AsyncJobs
        { & $Start } | Should -Throw '*$module*' -ErrorId 'CannotCapture,*'
        Get-Job | Should -BeNullOrEmpty
    }

    It 'works inside a thread task' {
        Start-AsyncTask { $job = Start-AsyncTask -AsJob { 5 }; Get-Job | Receive-Job -Wait; Remove-Job $job; @(Get-Job).Count } |
            Wait-AsyncTask -TimeoutSec 60 | Should -Be 5, 0
    }

    It 'leaves nothing behind' {
        $session = New-TestSession
        try {
            Invoke-InSession $session -TimeoutSec 120 {
                foreach ($i in 1..50) {
                    $job = 1..4 | Start-AsyncTask -AsJob { if ($_ -eq 3) { throw 'three' }; $_ }
                    if ($i % 2) { $null = Wait-Job $job -Timeout 60 }
                    Remove-Job $job -Force
                }
                @(Get-Job).Count
                Wait-Until { -not (Get-AsyncTask) }
                (Get-AsyncLoop).AbandonedThreads
            } | Should -Be 0, 0
        } finally {
            Remove-TestSession $session
        }
    }
}
