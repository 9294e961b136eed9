BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    Import-Module $PSScriptRoot/../Support/OwnProcess.psm1
    $sourceType = '
        using System; using System.ComponentModel; using System.Linq; using System.Threading.Tasks;
        public delegate void AsyncJobsPair(string name, int number);
        public class AsyncJobsSource : INotifyPropertyChanged {
            public event EventHandler Plain;
            public event EventHandler<string> Text;
            public event AsyncJobsPair Pair;
            public event Action<int> One;
            public event Func<int, int, bool> Asking;
            public static event EventHandler Shared;
            private PropertyChangedEventHandler changed;
            event PropertyChangedEventHandler INotifyPropertyChanged.PropertyChanged { add { changed += value; } remove { changed -= value; } }
            public event EventHandler Refusing { add { throw new InvalidOperationException("refused"); } remove { } }
            public int HandlerCount { get { return new Delegate[] { Plain, Text, Pair, One, Asking, Shared, changed }.Where(d => d != null).Sum(d => d.GetInvocationList().Length); } }
            public void Raise(int number) {
                if (Plain != null) Plain(this, EventArgs.Empty);
                if (Text != null) Text(this, "text " + number);
                if (Pair != null) Pair("pair", number);
                if (One != null) One(number);
                if (Asking != null) Asking(1, number);
                if (Shared != null) Shared(null, EventArgs.Empty);
                if (changed != null) changed(this, new PropertyChangedEventArgs("p" + number));
            }
            // From another thread, once somebody listens.
            public Task RaiseSoon(int from, int to) {
                return Task.Run(async () => { while (HandlerCount == 0) await Task.Delay(10); for (int i = from; i <= to; i++) Raise(i); });
            }
        }'
    Add-Type -IgnoreWarnings -WarningAction Ignore $sourceType
}

Describe 'Wait-AsyncObjectEvent' {
    BeforeEach {
        $source = [AsyncJobsSource]::new()
    }

    AfterEach {
        $source.HandlerCount | Should -Be 0
    }

    It 'writes the next event, with sender and arguments' {
        $null = $source.RaiseSoon(1, 1)
        $found = Wait-AsyncObjectEvent $source Text -TimeoutSec 30
        $found | Should -BeOfType AsyncJobs.AsyncObjectEvent
        $found.EventName | Should -Be 'Text'
        $found.Sender | Should -Be $source
        $found.SourceEventArgs | Should -Be 'text 1'
        $found.SourceArgs | Should -Be $source, 'text 1'
        $found.TimeGenerated | Should -BeGreaterThan ([DateTime]::Now.AddMinutes(-1))
    }

    It 'takes <Kind>' -TestCases @(
        @{ Kind = 'an EventHandler'; Name = 'Plain'; Argument = { [EventArgs]::Empty } }
        @{ Kind = 'a name in another case'; Name = 'TEXT'; Argument = { 'text 3' } }
        @{ Kind = 'a delegate of two values'; Name = 'Pair'; Argument = { 3 } }
    ) {
        $null = $source.RaiseSoon(3, 3)
        (Wait-AsyncObjectEvent $source $Name -TimeoutSec 30).SourceEventArgs | Should -Be (& $Argument)
    }

    It 'takes an event that is there by an interface alone' {
        $null = $source.RaiseSoon(1, 1)
        (Wait-AsyncObjectEvent $source PropertyChanged -TimeoutSec 30).SourceEventArgs.PropertyName | Should -Be 'p1'
    }

    It 'takes a static event of a type' {
        $null = $source.RaiseSoon(1, 1)
        (Wait-AsyncObjectEvent ([AsyncJobsSource]) Shared -TimeoutSec 30).EventName | Should -Be 'Shared'
    }

    It 'waits for the one that the filter lets pass, missing none' {
        $null = $source.RaiseSoon(1, 200)
        $filter = { Start-Sleep -Milliseconds 1; $_.SourceEventArgs -eq 'text 150' -and $args[0] -eq $source -and $args[1] -eq 'text 150' }
        (Wait-AsyncObjectEvent $source Text $filter -TimeoutSec 60).SourceEventArgs | Should -Be 'text 150'
    }

    It 'suspends in a coroutine, whose variables the filter sees' {
        $task = Start-AsyncTask {
            $wanted = 'text 2'
            $first = Wait-AsyncObjectEvent $source Text { $_.SourceEventArgs -eq $wanted }
            $second = Wait-AsyncObjectEvent $source Text
            $first.SourceEventArgs, $second.SourceEventArgs
        }
        $task.Kind | Should -Be 'Coroutine'
        $source.Raise(1)
        $source.Raise(2)
        $null = Start-AsyncTask { await (Start-AsyncSleep 0.1); $source.Raise(3) }
        await $task -TimeoutSec 30 | Should -Be 'text 2', 'text 3'
    }

    It 'is a part of a pipeline in a coroutine' {
        $task = Start-AsyncTask { 1..2 | ForEach-Object { (Wait-AsyncObjectEvent $source Text).SourceEventArgs } | ForEach-Object { "got $_" } }
        $null = Start-AsyncTask { 1..2 | ForEach-Object { await (Start-AsyncSleep 0.1); $source.Raise($_) } }
        await $task -TimeoutSec 30 | Should -Be 'got text 1', 'got text 2'
    }

    It 'hears it on a thread' {
        $task = Start-AsyncTask -OnThread { (Wait-AsyncObjectEvent $source Text -TimeoutSec 30).SourceEventArgs }
        $null = $source.RaiseSoon(1, 1)
        await $task | Should -Be 'text 1'
    }

    It 'throws a TimeoutException past its time, <Kind>' -TestCases @(
        @{ Kind = 'without a filter'; Parameters = @{} }
        @{ Kind = 'with one'; Parameters = @{ Filter = { $false } } }
    ) {
        $null = $source.RaiseSoon(1, 3)
        $name = $Parameters.Count ? 'Text' : 'Disposed'
        $target = $Parameters.Count ? $source : [Timers.Timer]::new()
        { Wait-AsyncObjectEvent $target $name -TimeoutSec 0.3 @Parameters } | Should -Throw -ExceptionType TimeoutException -ErrorId AsyncTimeout
        $task = Start-AsyncTask { Wait-AsyncObjectEvent $target $name -TimeoutSec 0.3 @Parameters }
        { await $task } | Should -Throw -ExceptionType TimeoutException -ErrorId AsyncTimeout
        if (-not $Parameters.Count) { $null = Wait-AsyncObjectEvent $source Text -TimeoutSec 30 }
    }

    It 'ends by an error of its filter: <Where>' -TestCases @(
        @{ Where = 'in a script'; Run = { Wait-AsyncObjectEvent $source Text { throw [IO.IOException]::new('no') } } }
        @{ Where = 'in a coroutine'; Run = { await (Start-AsyncTask { Wait-AsyncObjectEvent $source Text { throw [IO.IOException]::new('no') } }) } }
    ) {
        $null = $source.RaiseSoon(1, 1)
        $Run | Should -Throw -ExceptionType IO.IOException -ExpectedMessage no
    }

    It 'takes its handler off when it is stopped: <Kind>' -TestCases @(
        @{ Kind = 'a coroutine'; Block = { Wait-AsyncObjectEvent $source Text }; Parameters = @{} }
        @{ Kind = 'a coroutine with a filter'; Block = { Wait-AsyncObjectEvent $source Text { $false } }; Parameters = @{} }
        @{ Kind = 'a thread task'; Block = { Wait-AsyncObjectEvent $source Text }; Parameters = @{ OnThread = $true } }
    ) {
        $task = Start-AsyncTask $Block @Parameters
        Wait-Until { $source.HandlerCount -eq 1 }
        Stop-AsyncTask $task -Wait
        $task.State | Should -Be 'Stopped'
    }

    It 'takes its handler off at Ctrl+C' {
        $session = New-TestSession
        try {
            $null = Stop-InSession $session '$signal.Set(); Wait-AsyncObjectEvent $source Text { $false }' -Variable @{ source = $source }
            $null = Stop-InSession $session '$signal.Set(); Wait-AsyncObjectEvent $source Text' -Variable @{ source = $source }
            $null = Stop-InSession $session '$signal.Set(); await (Start-AsyncTask { Wait-AsyncObjectEvent $source Text })' -Variable @{ source = $source }
        }
        finally {
            Remove-TestSession $session
        }
    }

    It 'leaves nothing behind after a hundred waits' {
        foreach ($i in 1..100) {
            $task = Start-AsyncTask { (Wait-AsyncObjectEvent $source Text).SourceEventArgs }
            $source.Raise($i)
            await $task | Should -Be "text $i"
        }
    }

    It 'says what is wrong: <Kind>' -TestCases @(
        @{ Kind = 'an unknown event'; Target = { $source }; Name = 'Changed'; Id = 'EventNotFound'; Message = "*AsyncJobsSource has no event 'Changed'. It has: Asking, One, Pair, Plain, *Text." }
        @{ Kind = 'an event of a type that is none'; Target = { [AsyncJobsSource] }; Name = 'Text'; Id = 'EventNotFound'; Message = "*has no static event 'Text'. It has: Shared." }
        @{ Kind = 'an object without any'; Target = { 'text' }; Name = 'Changed'; Id = 'EventNotFound'; Message = '*It has none.' }
        @{ Kind = 'handlers with one value'; Target = { $source }; Name = 'One'; Id = 'EventNotSupported'; Message = '*One has handlers of type System.Action*' }
        @{ Kind = 'handlers that return something'; Target = { $source }; Name = 'Asking'; Id = 'EventNotSupported'; Message = '*two values*' }
    ) {
        foreach ($command in 'Wait-AsyncObjectEvent', 'Register-AsyncObjectEvent') {
            { & $command (& $Target) $Name } | Should -Throw -ErrorId "$Id,*" -ExpectedMessage $Message
        }
    }

    It 'throws what the object throws when a handler is added' {
        { Wait-AsyncObjectEvent $source Refusing } | Should -Throw -ExceptionType InvalidOperationException -ExpectedMessage refused
        { Register-AsyncObjectEvent $source Refusing } | Should -Throw -ExceptionType InvalidOperationException -ExpectedMessage refused
    }

    It 'hears a watcher, a timer and a process' {
        $watcher = [IO.FileSystemWatcher]::new($TestDrive)
        $timer = [Timers.Timer]::new(20)
        $process = [Diagnostics.Process]::new()
        try {
            $watcher.EnableRaisingEvents = $true
            $file = Start-AsyncTask { (Wait-AsyncObjectEvent $watcher Created { $_.SourceEventArgs.Name -eq 'wanted' } -TimeoutSec 60).SourceEventArgs.Name }
            'other', 'wanted' | ForEach-Object { Set-Content (Join-Path $TestDrive $_) 1 }
            await $file | Should -Be 'wanted'

            $timer.Start()
            (Wait-AsyncObjectEvent $timer Elapsed -TimeoutSec 60).SourceEventArgs | Should -BeOfType Timers.ElapsedEventArgs

            $process.StartInfo = New-PowerShellStartInfo '-Command', 'exit 7'
            $process.EnableRaisingEvents = $true
            $exit = Start-AsyncTask { (Wait-AsyncObjectEvent $process Exited -TimeoutSec 60).Sender.ExitCode }
            $null = $process.Start()
            await $exit | Should -Be 7
        }
        finally {
            $watcher, $timer, $process | ForEach-Object Dispose
        }
    }

    It 'is no deadlock in debug mode' {
        Set-AsyncLoop -DebugMode
        try {
            $timer = [Timers.Timer]::new(1000)
            $timer.AutoReset = $false
            $queue = Register-AsyncObjectEvent $timer Elapsed
            $timer.Start()
            (Receive-AsyncQueueItem $queue).EventName | Should -Be 'Elapsed'
            $timer.Start()
            (Wait-AsyncObjectEvent $timer Elapsed).EventName | Should -Be 'Elapsed'
            Close-AsyncQueue $queue
            $timer.Dispose()
        }
        finally {
            Set-AsyncLoop -DebugMode:$false
        }
    }
}

Describe 'Register-AsyncObjectEvent' {
    BeforeEach {
        $source = [AsyncJobsSource]::new()
    }

    AfterEach {
        $source.HandlerCount | Should -Be 0
    }

    It 'puts every event into a queue, in order, from any thread' {
        $queue = Register-AsyncObjectEvent $source Text
        $null = $source.RaiseSoon(1, 500)
        1..500 | ForEach-Object { (Receive-AsyncQueueItem $queue -TimeoutSec 30).SourceEventArgs } | Should -Be (1..500 | ForEach-Object { "text $_" })
        Close-AsyncQueue $queue
    }

    It 'puts events of several objects into one queue' {
        $queue = New-AsyncQueue
        Register-AsyncObjectEvent $source Text -Queue $queue | Should -Be $queue
        $null = Register-AsyncObjectEvent $source Pair -Queue $queue
        $source.Raise(1)
        Receive-AsyncQueueItem $queue -NoWait -All | ForEach-Object EventName | Should -Be 'Text', 'Pair'
        Close-AsyncQueue $queue
    }

    It 'drops and counts what comes while the queue is full' {
        $queue = Register-AsyncObjectEvent $source Text -Capacity 2
        1..5 | ForEach-Object { $source.Raise($_) }
        $queue.DroppedCount | Should -Be 3
        Receive-AsyncQueueItem $queue -NoWait -All | ForEach-Object SourceEventArgs | Should -Be 'text 1', 'text 2'
        $source.Raise(6)
        (Receive-AsyncQueueItem $queue).SourceEventArgs | Should -Be 'text 6'
        Close-AsyncQueue $queue
    }

    It 'ends with the queue, at once' {
        $queue = Register-AsyncObjectEvent $source Text
        $source.HandlerCount | Should -Be 1
        $source.Raise(1)
        Close-AsyncQueue $queue
        $source.HandlerCount | Should -Be 0
        $source.Raise(2)
        Receive-AsyncQueueItem $queue -NoWait -All | ForEach-Object SourceEventArgs | Should -Be 'text 1'
    }

    It 'refuses a queue that is closed' {
        $queue = New-AsyncQueue
        Close-AsyncQueue $queue
        { Register-AsyncObjectEvent $source Text -Queue $queue } | Should -Throw -ErrorId 'QueueShutDown,*'
    }

    It 'feeds workers that are coroutines' {
        $queue = Register-AsyncObjectEvent $source Text
        $seen = [Collections.Generic.List[string]]::new()
        $workers = 1..3 | ForEach-Object { Start-AsyncTask { while ($true) { try { $item = Receive-AsyncQueueItem $queue } catch [AsyncJobs.QueueShutDownException] { return }; $seen.Add($item.SourceEventArgs) } } }
        await ($source.RaiseSoon(1, 20))
        Close-AsyncQueue $queue
        await $workers -TimeoutSec 30
        $seen.Count | Should -Be 20
    }

    It 'goes on when the thread task that subscribed has ended' {
        $queue = await (Start-AsyncTask -OnThread { , (Register-AsyncObjectEvent $source Text) })
        $source.Raise(1)
        (Receive-AsyncQueueItem $queue -TimeoutSec 30).SourceEventArgs | Should -Be 'text 1'
        Close-AsyncQueue $queue
    }

    It 'ends with the module' {
        Invoke-InOwnProcess -Before "Add-Type -IgnoreWarnings -WarningAction Ignore '$sourceType'" '
            $source = [AsyncJobsSource]::new()
            $queue = Register-AsyncObjectEvent $source Text
            $source.HandlerCount
            Remove-Module AsyncJobs
            $source.HandlerCount' | Should -Be 1, 0
    }

    It 'holds no object that nobody else holds' {
        function New-Forgotten {
            $forgotten = [AsyncJobsSource]::new()
            $null = Register-AsyncObjectEvent $forgotten Text
            [WeakReference]::new($forgotten)
        }

        $reference = New-Forgotten
        Wait-Until { [GC]::Collect(); [GC]::WaitForPendingFinalizers(); -not $reference.IsAlive }
    }
}
