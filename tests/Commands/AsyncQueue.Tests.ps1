BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'New-AsyncQueue' {
    It 'makes a queue that shows its state' {
        $queue = New-AsyncQueue -Capacity 2 -Name mail
        1, 2 | Add-AsyncQueueItem $queue
        $queue.Name, $queue.Kind, $queue.Capacity, $queue.Count, $queue.UnfinishedCount | Should -Be 'mail', 'Fifo', 2, 2, 2
        $queue.IsEmpty, $queue.IsFull, $queue.IsClosed | Should -Be $false, $true, $false
    }

    It 'gives items in the order of kind <Kind>' -TestCases @(
        @{ Kind = 'Fifo'; Expected = 1, 3, 2 }
        @{ Kind = 'Lifo'; Expected = 2, 3, 1 }
    ) {
        $queue = New-AsyncQueue -Kind $Kind
        1, 3, 2 | Add-AsyncQueueItem $queue
        1..3 | ForEach-Object { Receive-AsyncQueueItem $queue } | Should -Be $Expected
    }

    It 'refuses a negative capacity' {
        { New-AsyncQueue -1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}

Describe 'Add-AsyncQueueItem' {
    It 'puts <Scenario> as one item' -TestCases @(
        @{ Scenario = 'an array'; Item = 1, 2, 3 }
        @{ Scenario = 'an empty array'; Item = @() }
        @{ Scenario = '$null'; Item = $null }
        @{ Scenario = 'an empty string'; Item = '' }
        @{ Scenario = 'a hashtable'; Item = @{ a = 1 } }
    ) {
        $queue = New-AsyncQueue
        Add-AsyncQueueItem $queue $Item
        , $Item | Add-AsyncQueueItem $queue
        $queue.Count | Should -Be 2
        foreach ($copy in 1..2) {
            $got = Receive-AsyncQueueItem $queue
            [object]::ReferenceEquals($got, $Item) -or $got -ceq $Item | Should -BeTrue
        }
    }

    It 'puts nothing for an empty pipeline' {
        $queue = New-AsyncQueue
        @() | Add-AsyncQueueItem $queue
        $queue.IsEmpty | Should -BeTrue
    }

    It 'keeps what was added to an object' {
        $queue = New-AsyncQueue
        'text' | Add-Member Note 'kept' -PassThru | Add-AsyncQueueItem $queue
        (Receive-AsyncQueueItem $queue).Note | Should -Be 'kept'
    }

    It 'waits for room, turning the loop meanwhile' {
        $queue = New-AsyncQueue 1
        $got = [Collections.Generic.List[object]]::new()
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { $got.Add((Receive-AsyncQueueItem $queue)) }
        1, 2 | Add-AsyncQueueItem $queue
        $got | Should -Be 1
        Receive-AsyncQueueItem $queue | Should -Be 2
    }

    It 'fails at once with -NoWait where there is no room, and keeps the item out' {
        $queue = New-AsyncQueue 1 -Name mail
        $failure = { 1, 2, 3 | Add-AsyncQueueItem $queue -NoWait } | Should -Throw -ErrorId QueueFull -ExceptionType ([AsyncJobs.QueueFullException]) -ExpectedMessage '*mail*' -PassThru
        $failure.TargetObject | Should -Be 2
        $queue.Count | Should -Be 1
    }

    It 'throws at the time-out and keeps the item out' {
        $queue = New-AsyncQueue 1
        Add-AsyncQueueItem $queue 1
        { Add-AsyncQueueItem $queue 2 -TimeoutSec 0.05 } | Should -Throw -ErrorId AsyncTimeout -ExceptionType ([TimeoutException])
        $queue.WaitingPutCount | Should -Be 0
        Receive-AsyncQueueItem $queue -All -NoWait | Should -Be 1
    }

    It 'goes by -Priority, lower first and equals in order' {
        $queue = New-AsyncQueue -Kind Priority
        Add-AsyncQueueItem $queue 'later' -Priority 10
        'first', 'second' | Add-AsyncQueueItem $queue -Priority 1.5
        Add-AsyncQueueItem $queue 'default'
        Add-AsyncQueueItem $queue 'urgent' -Priority -1
        Receive-AsyncQueueItem $queue -All -NoWait | Should -Be 'urgent', 'default', 'first', 'second', 'later'
    }

    It 'refuses -Priority for a queue that does not go by it' {
        { Add-AsyncQueueItem (New-AsyncQueue) 1 -Priority 1 } | Should -Throw -ErrorId 'InvalidArgument,*' -ExpectedMessage '*-Kind Priority*'
        { Add-AsyncQueueItem (New-AsyncQueue -Kind Priority) 1 -Priority NaN } | Should -Throw -ErrorId 'InvalidArgument,*'
    }

    It 'throws for a closed queue' {
        $queue = New-AsyncQueue
        Close-AsyncQueue $queue
        { Add-AsyncQueueItem $queue 1 } | Should -Throw -ErrorId QueueShutDown -ExceptionType ([AsyncJobs.QueueShutDownException])
        { Add-AsyncQueueItem $queue 1 -NoWait } | Should -Throw -ErrorId QueueShutDown
    }

    It 'is woken with an error when the queue is closed' {
        $queue = New-AsyncQueue 1
        Add-AsyncQueueItem $queue 1
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { Close-AsyncQueue $queue }
        { Add-AsyncQueueItem $queue 2 } | Should -Throw -ErrorId QueueShutDown -ExpectedMessage '*takes no more items.'
        Receive-AsyncQueueItem $queue -All | Should -Be 1
    }

    It 'leaves the queue to Ctrl+C as it was' {
        $session = New-TestSession
        try {
            $elapsed = Stop-InSession $session '$q = New-AsyncQueue 1; Add-AsyncQueueItem $q 1; $signal.Set(); Add-AsyncQueueItem $q 2'
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Invoke-InSession $session '$q.WaitingPutCount; Receive-AsyncQueueItem $q -All -NoWait' | Should -Be 0, 1
        }
        finally {
            Remove-TestSession $session
        }
    }
}

Describe 'Receive-AsyncQueueItem' {
    It 'waits for an item, turning the loop meanwhile' {
        $queue = New-AsyncQueue
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { Add-AsyncQueueItem $queue 'late' }
        Receive-AsyncQueueItem $queue | Should -Be 'late'
    }

    It 'fails at once with -NoWait where there is none' {
        $failure = { Receive-AsyncQueueItem (New-AsyncQueue -Name mail) -NoWait } | Should -Throw -ErrorId QueueEmpty -ExceptionType ([AsyncJobs.QueueEmptyException]) -ExpectedMessage '*mail*' -PassThru
        $failure.TargetObject | Should -BeOfType ([AsyncJobs.AsyncQueue])
    }

    It 'throws at the time-out and takes nothing' {
        $queue = New-AsyncQueue
        { Receive-AsyncQueueItem $queue -TimeoutSec 0.05 } | Should -Throw -ErrorId AsyncTimeout -ExceptionType ([TimeoutException])
        $queue.WaitingGetCount | Should -Be 0
        Add-AsyncQueueItem $queue 1
        $queue.Count | Should -Be 1
    }

    It 'throws once the queue is closed and empty' {
        $queue = New-AsyncQueue
        Add-AsyncQueueItem $queue 1
        Close-AsyncQueue $queue
        Receive-AsyncQueueItem $queue | Should -Be 1
        { Receive-AsyncQueueItem $queue } | Should -Throw -ErrorId QueueShutDown -ExpectedMessage '*no more items to give.'
        { Receive-AsyncQueueItem $queue -NoWait } | Should -Throw -ErrorId QueueShutDown
    }

    It 'writes all that comes with -All, until the queue is closed' {
        $queue = New-AsyncQueue
        1, 2 | Add-AsyncQueueItem $queue
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { , (3, 4) | Add-AsyncQueueItem $queue; Close-AsyncQueue $queue }
        $items = @(Receive-AsyncQueueItem $queue -All)
        $items.Count | Should -Be 3
        $items[2] | Should -Be 3, 4
    }

    It 'writes what is there now with -All -NoWait' {
        $queue = New-AsyncQueue
        @(Receive-AsyncQueueItem $queue -All -NoWait).Count | Should -Be 0
        1, 2 | Add-AsyncQueueItem $queue
        Receive-AsyncQueueItem $queue -All -NoWait | Should -Be 1, 2
    }

    It 'takes with -All no more than a later command wants' {
        $queue = New-AsyncQueue
        1..5 | Add-AsyncQueueItem $queue
        Receive-AsyncQueueItem $queue -All | Select-Object -First 2 | Should -Be 1, 2
        $queue.Count | Should -Be 3
    }

    It 'limits each wait with -All and -TimeoutSec' {
        $queue = New-AsyncQueue
        Add-AsyncQueueItem $queue 1
        $got = [Collections.Generic.List[object]]::new()
        { Receive-AsyncQueueItem $queue -All -TimeoutSec 0.05 | ForEach-Object { $got.Add($_) } } | Should -Throw -ErrorId AsyncTimeout
        $got | Should -Be 1
    }

    It 'loses no item to Ctrl+C' {
        $session = New-TestSession
        try {
            $elapsed = Stop-InSession $session '$q = New-AsyncQueue; $signal.Set(); Receive-AsyncQueueItem $q'
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Invoke-InSession $session '$q.WaitingGetCount; Add-AsyncQueueItem $q 1; $q.Count; Receive-AsyncQueueItem $q' | Should -Be 0, 1, 1
        }
        finally {
            Remove-TestSession $session
        }
    }

    It 'loses no item to Ctrl+C in the instant in which it comes' {
        $session = New-TestSession
        try {
            $queue = New-AsyncQueue
            $session.SessionStateProxy.SetVariable('q', $queue)
            $got = [Collections.Generic.List[object]]::new()
            foreach ($round in 1..60) {
                $shell = [powershell]::Create($session).AddScript('Receive-AsyncQueueItem $q')
                $output = [Management.Automation.PSDataCollection[psobject]]::new()
                $nothing = [Management.Automation.PSDataCollection[psobject]]::new()
                $nothing.Complete()
                $running = $shell.BeginInvoke($nothing, $output)
                Wait-Until { $queue.WaitingGetCount -eq 1 }
                $stopping = $shell.BeginStop($null, $null)
                if ($round % 2) { [Threading.Thread]::SpinWait(200 * $round) }
                $queue.Put($round)
                $shell.EndStop($stopping)
                try { $null = $shell.EndInvoke($running) } catch { }
                $shell.Dispose()
                $output | ForEach-Object { $got.Add($_) }
                if (-not $queue.IsEmpty) { $got.Add($queue.Get()) }
            }
            $got | Should -Be (1..60)
        }
        finally {
            Remove-TestSession $session
        }
    }
}

Describe 'Complete-AsyncQueueItem and Wait-AsyncQueue' {
    It 'waits until the work on every item is done, turning the loop meanwhile' {
        $queue = New-AsyncQueue
        1, 2 | Add-AsyncQueueItem $queue
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { 1, 2 | ForEach-Object { $null = Receive-AsyncQueueItem $queue; Complete-AsyncQueueItem $queue } }
        Wait-AsyncQueue $queue
        $queue.UnfinishedCount | Should -Be 0
    }

    It 'returns at once where nothing is unfinished' {
        $queue = New-AsyncQueue
        Wait-AsyncQueue $queue
        Wait-AsyncQueue $queue
    }

    It 'throws at the time-out' {
        $queue = New-AsyncQueue
        Add-AsyncQueueItem $queue 1
        $null = Receive-AsyncQueueItem $queue
        { Wait-AsyncQueue $queue -TimeoutSec 0.05 } | Should -Throw -ErrorId AsyncTimeout
        $queue.UnfinishedCount | Should -Be 1
    }

    It 'refuses to complete more items than there were' {
        { Complete-AsyncQueueItem (New-AsyncQueue) } | Should -Throw -ErrorId 'InvalidState,*' -ExceptionType ([AsyncJobs.InvalidStateException])
    }

    It 'is ended by Ctrl+C' {
        $session = New-TestSession
        try {
            $elapsed = Stop-InSession $session '$q = New-AsyncQueue; Add-AsyncQueueItem $q 1; $signal.Set(); Wait-AsyncQueue $q'
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Invoke-InSession $session '$q.Count, $q.UnfinishedCount' | Should -Be 1, 1
        }
        finally {
            Remove-TestSession $session
        }
    }
}

Describe 'Close-AsyncQueue' {
    It 'leaves the items to be got, and may be called again' {
        $queue = New-AsyncQueue
        1, 2 | Add-AsyncQueueItem $queue
        Close-AsyncQueue $queue
        Close-AsyncQueue $queue
        $queue.IsClosed | Should -BeTrue
        Receive-AsyncQueueItem $queue -All | Should -Be 1, 2
        $queue.UnfinishedCount | Should -Be 2
    }

    It 'drops the items with -Immediate and ends the wait for them' {
        $queue = New-AsyncQueue
        1, 2 | Add-AsyncQueueItem $queue
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { Close-AsyncQueue $queue -Immediate }
        Wait-AsyncQueue $queue
        $queue.Count, $queue.UnfinishedCount | Should -Be 0, 0
        @(Receive-AsyncQueueItem $queue -All).Count | Should -Be 0
    }
}

Describe 'A queue between tasks' {
    It 'is filled by a thread where a command writes the items, and by a coroutine where none does: <Producer>' -TestCases @(
        @{ Kind = 'Thread'; Producer = { Get-Content $file -Wait | Add-AsyncQueueItem $queue } }
        @{ Kind = 'Thread'; Producer = { Get-Content $file -Wait | Where-Object { $_ } | ForEach-Object { "$_" } | Add-AsyncQueueItem $queue } }
        @{ Kind = 'Thread'; Producer = { $file | ForEach-Object { Get-Content $_ -Wait } | Add-AsyncQueueItem -Queue $queue } }
        @{ Kind = 'Thread'; Producer = { if ($file) { & { while ($true) { 1; Start-Sleep 1 } } | Add-AsyncQueueItem $queue }; Close-AsyncQueue $queue } }
        @{ Kind = 'Thread'; Producer = { Write-Lines | AsyncJobs\Add-AsyncQueueItem $queue } }
        @{ Kind = 'Coroutine'; Producer = { 1..3 | Add-AsyncQueueItem $queue } }
        @{ Kind = 'Coroutine'; Producer = { 1..3 | Where-Object { $_ } | ForEach-Object { $_ * 2 } | Add-AsyncQueueItem $queue } }
        @{ Kind = 'Coroutine'; Producer = { foreach ($i in 1..3) { Add-AsyncQueueItem $queue $i } } }
        @{ Kind = 'Coroutine'; Producer = { Receive-AsyncTask (Start-AsyncSleep 0) | Add-AsyncQueueItem $queue } }
        @{ Kind = 'Coroutine'; Producer = { await (Start-AsyncSleep 0); Get-Content $file | Add-AsyncQueueItem $queue } }
    ) {
        $file = "$TestDrive/lines.txt"
        Set-Content $file 'one', 'two'
        function Write-Lines { Get-Content $file }
        $queue = New-AsyncQueue
        $task = Start-AsyncTask $Producer
        try { $task.Kind | Should -Be $Kind } finally { Stop-AsyncTask $task -Wait }
    }

    It 'is filled while a program or a command still writes' {
        $file = "$TestDrive/tail.txt"
        Set-Content $file 'one'
        $queue = New-AsyncQueue
        $producer = Start-AsyncTask { Get-Content $file -Wait | Add-AsyncQueueItem $queue }
        Receive-AsyncQueueItem $queue -TimeoutSec 60 | Should -Be 'one'
        Add-Content $file 'two'
        Receive-AsyncQueueItem $queue -TimeoutSec 60 | Should -Be 'two'
        $producer.State | Should -Be Running
        Stop-AsyncTask $producer -Wait
    }

    It 'hands all items over, once and in order, with <Capacity> as capacity' -TestCases @(
        @{ Capacity = 0 }, @{ Capacity = 1 }, @{ Capacity = 10 }
    ) {
        $queue = New-AsyncQueue $Capacity
        $consumer = Start-AsyncTask -OnThread { Receive-AsyncQueueItem $using:queue -All | ForEach-Object { $_ * 2 } }
        $producer = Start-AsyncTask -OnThread { 1..200 | Add-AsyncQueueItem $using:queue; Close-AsyncQueue $using:queue }
        $result = $producer, $consumer | Wait-AsyncGather -TimeoutSec 120
        $result[1] | Should -Be (1..200).ForEach({ $_ * 2 })
    }

    It 'shares the work among several consumers, and join waits for them' {
        $queue = New-AsyncQueue
        $done = [Collections.Concurrent.ConcurrentBag[int]]::new()
        $workers = 1..3 | Start-AsyncTask -OnThread {
            foreach ($forever in 1..1000) {
                $item = Receive-AsyncQueueItem $using:queue
                ($using:done).Add($item)
                Complete-AsyncQueueItem $using:queue
            }
        }
        1..60 | Add-AsyncQueueItem $queue
        Wait-AsyncQueue $queue -TimeoutSec 120
        $done | Sort-Object | Should -Be (1..60)

        # As in asyncio's own example, they are cancelled when the work is done.
        $workers | Stop-AsyncTask
        $workers | Wait-AsyncTask -PassThru -TimeoutSec 120 | ForEach-Object State | Should -Be 'Stopped', 'Stopped', 'Stopped'
        Wait-Until { $queue.WaitingGetCount -eq 0 }
    }

    It 'can be awaited through its methods' {
        $queue = New-AsyncQueue
        $get = $queue.GetAsync()
        Add-AsyncQueueItem $queue 'by hand'
        await $get -TimeoutSec 30 | Should -Be 'by hand'
    }
}
