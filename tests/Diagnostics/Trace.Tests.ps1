BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Import-Module $PSScriptRoot/../Support/OwnProcess.psm1
    Import-Module $PSScriptRoot/../Support/TraceEvents.psm1

    function Get-Trace([scriptblock] $Block, [int] $MaximumEvents = 1000000) {
        Start-AsyncTrace -MaximumEvents $MaximumEvents
        try { $null = . $Block } finally { $trace = Stop-AsyncTrace -WarningAction Ignore }
        $trace
    }

    # The events of a block's trace, through a file and the reader.
    function Get-TraceEvent([scriptblock] $Block) {
        $path = Join-Path $TestDrive "$(New-Guid).json"
        (Get-Trace $Block).Save($path)
        Read-TraceEvent $path
    }

    # What a task did, in order: names of the spans inside of its own.
    function Get-Span([object[]] $Event, [string] $Name) {
        $id = ($Event | Where-Object { $_.ph -ceq 'b' -and $_.name -eq $Name -and $_.args.PSObject.Properties['task'] }).id
        $Event | Where-Object { $_.ph -ceq 'b' -and $_.PSObject.Properties['id'] -and $_.id -in $id -and -not $_.args.PSObject.Properties['task'] }
    }
}

Describe 'Start-AsyncTrace and Stop-AsyncTrace' {
    AfterEach {
        try { $null = Stop-AsyncTrace -WarningAction Ignore } catch { Write-Verbose 'None was left.' }
    }

    It 'gives the trace as an object' {
        $trace = Get-Trace { await (Start-AsyncTask { await (Start-AsyncSleep 0.01) }) }
        $trace | Should -BeOfType AsyncJobs.AsyncTrace
        $trace.TaskCount | Should -Be 2
        $trace.SpanCount | Should -BeGreaterThan 3
        $trace.DroppedCount | Should -Be 0
        $trace.Duration.TotalMilliseconds | Should -BeGreaterThan 5
        $trace.StartedAt.Date | Should -Be ([DateTimeOffset]::Now.Date)
    }

    It 'writes what a reader of the trace-event format takes, for every kind of task' {
        $gate = New-AsyncLock -Name gate
        $events = Get-TraceEvent {
            $tasks = @(
                1..3 | Start-AsyncTask -Name locked { Use-AsyncLock $gate { await (Start-AsyncSleep 0.01) } }
                1..2 | Start-AsyncTask -Name threaded { Start-Sleep -Milliseconds 20; $_ }
                Start-AsyncTask -Name failing { await (Start-AsyncSleep 0); throw 'no' }
                Start-AsyncTask -Name nesting { await (Start-AsyncTask -Name nested { await (Start-AsyncSleep 0.01) }) }
                Start-AsyncTask -Name stopped { await (New-Future) }
            )
            await (Start-AsyncSleep 0.02)
            Stop-AsyncTask $tasks[-1]
            $tasks | Wait-AsyncGather -ReturnExceptions
        }
        $events.ph | Sort-Object -Unique -CaseSensitive | Should -Be 'b', 'e', 'M', 'n', 'X'
        ($events | Where-Object { $_.ph -eq 'M' -and $_.name -eq 'thread_name' }).args.name | Should -Contain "loop $([Environment]::CurrentManagedThreadId)"
        $begun = $events | Where-Object { $_.ph -ceq 'b' -and $_.args.PSObject.Properties['outcome'] }
        ($begun | Where-Object name -EQ failing).args.outcome | Should -Be Failed
        ($begun | Where-Object name -EQ failing).args.message | Should -Be no
        ($begun | Where-Object name -EQ stopped).args.outcome | Should -Be Stopped
        ($begun | Where-Object name -EQ nested).args.parent | Should -Be ($begun | Where-Object name -EQ nesting).args.task
        ($begun | Where-Object name -EQ locked)[0].args.origin | Should -BeLike '*Trace.Tests.ps1:*'
    }

    It 'tells running on the loop from waiting' {
        $events = Get-TraceEvent { await (Start-AsyncTask -Name one { 1; await (Start-AsyncSleep 0.01); 2 }) }
        $spans = Get-Span $events one
        $spans.name | Should -Contain 'runs on the loop'
        ($spans.name -like 'awaits: Task*') | Should -HaveCount 1
        ($spans | Where-Object name -Like 'awaits:*').args.place | Should -BeLike '*Trace.Tests.ps1:*'
    }

    It 'tells that a thread runs a task, on that thread' {
        $events = Get-TraceEvent { await (Start-AsyncTask -Name blocking { Start-Sleep -Milliseconds 30 }) }
        (Get-Span $events blocking).name | Should -Contain 'runs on a thread'
        $run = $events | Where-Object { $_.ph -eq 'X' -and $_.name -eq 'blocking' }
        $run.dur | Should -BeGreaterThan 20000
        ($events | Where-Object { $_.name -eq 'thread_name' -and $_.tid -eq $run.tid }).args.name | Should -BeLike 'AsyncJobs worker*'
    }

    It 'has the tasks that a thread task starts' {
        $events = Get-TraceEvent { await (Start-AsyncTask -Name outer -OnThread { await (Start-AsyncSleep 0.01 -Name inner) }) }
        $inner = $events | Where-Object { $_.ph -ceq 'b' -and $_.name -eq 'inner' }
        $inner.args.parent | Should -Be ($events | Where-Object { $_.ph -ceq 'b' -and $_.name -eq 'outer' }).args.task
        (Get-Span $events outer).name -like 'awaits: inner*' | Should -HaveCount 1
    }

    It 'names the holder of a lock' {
        $gate = New-AsyncLock -Name gate
        $events = Get-TraceEvent {
            1..2 | Start-AsyncTask -Name locking { Use-AsyncLock $gate { await (Start-AsyncSleep 0.02) } } | Wait-AsyncGather
        }
        $first, $second = ($events | Where-Object { $_.ph -ceq 'b' -and $_.name -eq 'locking' }).args.task
        $wait = Get-Span $events locking | Where-Object name -Like 'waits for:*'
        $wait.name | Should -Be "waits for: AsyncLock 'gate', held by locking (task $first)"
        $wait.id | Should -Be $second
        $wait.args.tasks | Should -Be $first
    }

    It 'names the place of a script that holds a lock' {
        $gate = New-AsyncLock -Name gate
        $events = Get-TraceEvent {
            Enter-AsyncLock $gate
            $waiting = Start-AsyncTask -Name locking { Use-AsyncLock $gate { } }
            await (Start-AsyncSleep 0.02)
            Exit-AsyncLock $gate
            await $waiting
        }
        (Get-Span $events locking | Where-Object name -Like 'waits for:*').name |
            Should -BeLike "waits for: AsyncLock 'gate', held by a script at *Trace.Tests.ps1:* in Enter-AsyncLock"
    }

    It 'names who uses a semaphore, taken by <how>' -TestCases @(
        @{ how = 'Use-AsyncSemaphore'; block = { 1..2 | Start-AsyncTask -Name user { Use-AsyncSemaphore $limit { await (Start-AsyncSleep 0.02) } } | Wait-AsyncGather } }
        @{ how = 'Enter-AsyncSemaphore'; block = { 1..2 | Start-AsyncTask -Name user { Enter-AsyncSemaphore $limit; await (Start-AsyncSleep 0.02); Exit-AsyncSemaphore $limit } | Wait-AsyncGather } }
        @{ how = '-Semaphore'; block = { 1..2 | Start-AsyncTask -Name user -Semaphore $limit { await (Start-AsyncSleep 0.02) } | Wait-AsyncGather } }
    ) {
        $limit = New-AsyncSemaphore 1
        $events = Get-TraceEvent $block
        $first = ($events | Where-Object { $_.ph -ceq 'b' -and $_.name -eq 'user' }).args.task[0]
        (Get-Span $events user | Where-Object name -Like 'waits for: AsyncSemaphore*').name | Should -BeLike "*, used by user (task $first)"
    }

    It 'names the side of a queue that is missing' {
        $queue = New-AsyncQueue -Name work -Capacity 1
        $events = Get-TraceEvent {
            $reader = Start-AsyncTask -Name reader { foreach ($item in Receive-AsyncQueueItem $queue -All) { await (Start-AsyncSleep 0.02) } }
            $writer = Start-AsyncTask -Name writer { foreach ($i in 1..3) { Add-AsyncQueueItem $queue $i }; await (Start-AsyncSleep 0.15); Add-AsyncQueueItem $queue 4; Close-AsyncQueue $queue }
            Wait-AsyncGather $reader, $writer
        }
        $ids = @{}
        $events | Where-Object { $_.ph -ceq 'b' -and $_.name -in 'reader', 'writer' } | ForEach-Object { $ids[$_.name] = $_.args.task }
        $reads = (Get-Span $events reader).name -like 'waits for: an item*'
        $reads[0] | Should -Be "waits for: an item of AsyncQueue 'work': nobody has put one yet"
        $reads[-1] | Should -Be "waits for: an item of AsyncQueue 'work', put by writer (task $($ids.writer))"
        (Get-Span $events writer).name | Should -Contain "waits for: room in AsyncQueue 'work', read by reader (task $($ids.reader))"
    }

    It 'tells what the script of the session waits for' {
        $events = Get-TraceEvent { await (Start-AsyncSleep 0.02 -Name nap) }
        (Get-Span $events script).name -like 'awaits: nap*' | Should -HaveCount 1
    }

    It 'has tasks that were started before' {
        $early = Start-AsyncTask -Name early { await (Start-AsyncSleep 0.1) }
        $events = Get-TraceEvent { await $early }
        (Get-Span $events early).name -like 'awaits: Task*' | Should -HaveCount 1
    }

    It 'shows neither user, password nor query of an address, and no header' {
        $path = Join-Path $TestDrive secret.json
        Start-AsyncTrace
        $fetch = Start-AsyncRestMethod 'http://user:hidden1@127.0.0.1:9/x?token=hidden2' -Headers @{ Authorization = 'hidden3' } -Body 'hidden4' -Method Post
        Wait-AsyncGather $fetch -ReturnExceptions | Out-Null
        Stop-AsyncTrace $path
        $text = [IO.File]::ReadAllText($path)
        $text | Should -BeLike '*127.0.0.1:9/x*'
        $text | Should -Not -BeLike '*hidden*'
    }

    It 'keeps neither results nor primitives alive' {
        $said = Invoke-InOwnProcess -TimeoutSec 120 "
            Start-AsyncTrace
            `$kept = [Collections.Generic.List[WeakReference]]::new()
            function Start-Work {
                foreach (`$i in 1..10) {
                    `$kept.Add([WeakReference]::new((await (Start-AsyncTask { await (Start-AsyncSleep 0); [IO.MemoryStream]::new() }))))
                    `$kept.Add([WeakReference]::new((await (Start-AsyncTask { [IO.MemoryStream]::new() } -OnThread))))
                    `$gate = New-AsyncLock
                    1..2 | Start-AsyncTask { Use-AsyncLock `$gate { await (Start-AsyncSleep 0) } } | Wait-AsyncGather
                    `$kept.Add([WeakReference]::new(`$gate))
                }
            }
            Start-Work
            await (Start-AsyncSleep 0)
            foreach (`$i in 1..3) { [GC]::Collect(); [GC]::WaitForPendingFinalizers() }
            @(`$kept.Where({ `$_.IsAlive })).Count
            (Stop-AsyncTrace).TaskCount"
        # What the last statements left on a stack may live.
        [int]$said[0] | Should -BeLessThan 6
        [int]$said[1] | Should -BeGreaterThan 50
    }

    It 'keeps to its room, says how much is missing, and warns' {
        Start-AsyncTrace -MaximumEvents 100
        1..100 | Start-AsyncTask { await (Start-AsyncSleep 0) } | Wait-AsyncGather | Out-Null
        $trace = Stop-AsyncTrace -WarningVariable warning -WarningAction SilentlyContinue
        $trace.EventCount | Should -BeLessOrEqual 100
        $trace.DroppedCount | Should -BeGreaterThan 300
        $warning.Message | Should -BeLike "*$($trace.DroppedCount) events after that are missing*-MaximumEvents*"
        $trace.Save((Join-Path $TestDrive full.json))
        Read-TraceEvent (Join-Path $TestDrive full.json) | Should -Not -BeNullOrEmpty
    }

    It 'is one at a time' {
        Start-AsyncTrace
        $failure = Get-Failure { Start-AsyncTrace }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TraceRunning,*'
        $failure.Exception.Message | Should -BeLike '*under way since*Stop-AsyncTrace*'
        Stop-AsyncTrace | Should -BeOfType AsyncJobs.AsyncTrace
    }

    It 'is an error to stop where there is none' {
        (Get-Failure { Stop-AsyncTrace }).FullyQualifiedErrorId | Should -BeLike 'TraceNotRunning,*'
    }

    It 'refuses an ending that says nothing, and goes on' {
        Start-AsyncTrace
        foreach ($path in "$TestDrive/run.txt", "$TestDrive/run") {
            $failure = Get-Failure { Stop-AsyncTrace $path }
            $failure.FullyQualifiedErrorId | Should -BeLike 'TraceFormatNotSupported,*'
            $failure.Exception.Message | Should -BeLike "*$path*"
            $failure.TargetObject | Should -Be $path
        }
        (Stop-AsyncTrace).EventCount | Should -BeGreaterThan 0
        (Get-Failure { $trace = Get-Trace { }; $trace.Save("$TestDrive/run.txt") }).Exception.InnerException.ErrorId | Should -Be TraceFormatNotSupported
    }

    It 'keeps what could not be written' {
        Start-AsyncTrace
        await (Start-AsyncSleep 0 -Name kept)
        (Get-Failure { Stop-AsyncTrace "$TestDrive/missing/run.json" }).FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        $null = New-Item "$TestDrive/there.json" -Value old
        (Get-Failure { Stop-AsyncTrace "$TestDrive/there.json" -NoClobber }).FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        Get-Content "$TestDrive/there.json" | Should -Be old
        Stop-AsyncTrace "$TestDrive/there.json" | Should -BeNullOrEmpty
        (Read-TraceEvent "$TestDrive/there.json").name | Should -Contain kept
        (Get-Failure { Stop-AsyncTrace }).FullyQualifiedErrorId | Should -BeLike 'TraceNotRunning,*'
    }

    It 'replaces a read-only file with -Force alone' {
        $file = New-Item "$TestDrive/readonly.json" -Value old
        $file.IsReadOnly = $true
        Start-AsyncTrace
        if ((id -u) -ne 0) {
            (Get-Failure { Stop-AsyncTrace $file }).FullyQualifiedErrorId | Should -BeLike 'FileAccessDenied,*'
        }
        Stop-AsyncTrace $file -Force
        Get-Content $file | Should -Not -Be old
    }

    It 'writes several files, and the trace with -PassThru' {
        Start-AsyncTrace
        Push-Location $TestDrive
        try {
            Stop-AsyncTrace several.json, several.html -PassThru | Should -BeOfType AsyncJobs.AsyncTrace
        } finally {
            Pop-Location
        }
        "$TestDrive/several.json", "$TestDrive/several.html" | Should -Exist
    }

    It 'goes on with -WhatIf' {
        Start-AsyncTrace
        Stop-AsyncTrace "$TestDrive/if.json" -WhatIf
        "$TestDrive/if.json" | Should -Not -Exist
        Stop-AsyncTrace | Should -BeOfType AsyncJobs.AsyncTrace
    }

    It 'ends with the module' {
        $said = Invoke-InOwnProcess -TimeoutSec 120 "
            Start-AsyncTrace
            await (Start-AsyncSleep 0)
            Remove-Module AsyncJobs
            Import-Module '$PSScriptRoot/../../output/AsyncJobs'
            Start-AsyncTrace
            (Stop-AsyncTrace).TaskCount"
        $said | Should -Be 0
    }
}
