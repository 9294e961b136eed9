BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Invoke-AsyncForEach' {
    Context 'Output' {
        It 'writes output in input order' {
            $others = [Threading.CountdownEvent]::new(2)
            5, 1, 3 | Invoke-AsyncForEach { $o = $using:others; $null = $_ -eq 5 ? $o.Wait(60000) : $o.Signal(); $_ } -ThrottleLimit 3 | Should -Be 5, 1, 3
        }

        It 'writes output as it comes with -AsCompleted' {
            # Each ends when the one before it has come.
            $turns = @{}
            0..3 | ForEach-Object { $turns[$_] = [Threading.ManualResetEventSlim]::new($_ -eq 0) }
            2, 0, 1 | Invoke-AsyncForEach { $null = ($using:turns)[$_].Wait(60000); $_ } -ThrottleLimit 3 -AsCompleted |
                ForEach-Object { $turns[$_ + 1].Set(); $_ } | Should -Be 0, 1, 2
        }

        It 'gives each block its object as $_ and -ArgumentList as $args' {
            1..3 | Invoke-AsyncForEach { $_ + $args[0] } -ArgumentList 10 | Should -Be 11, 12, 13
        }

        It 'writes nothing for no input' {
            @(@() | Invoke-AsyncForEach { 1 }).Count | Should -Be 0
        }

        It 'writes several objects per input, arrays enumerated as a block does' {
            1, 2 | Invoke-AsyncForEach { $_; $_ * 10 } | Should -Be 1, 10, 2, 20
        }

        It 'ends where all its tasks have ended before the input has, <Options>' -TestCases @(
            @{ Options = '' }
            @{ Options = '-ThrottleLimit 1' }
            @{ Options = '-AsCompleted' }
        ) {
            $session = New-TestSession
            try {
                Invoke-InSession $session "& { foreach (`$i in 1..3) { `$i; Wait-Until { -not (Get-AsyncTask) } } } | Invoke-AsyncForEach $Options { Start-Sleep -Milliseconds 50; `$_ * 2 }" |
                    Should -Be 2, 4, 6
            }
            finally {
                Remove-TestSession $session
            }
        }

        It 'writes the objects of the item whose turn it is while its block runs, <Kind>' -TestCases @(
            @{ Kind = 'thread'; Block = { "$_ begun"; if ($gates[$_].Task.Wait(20000)) { "$_ ended" } } }
            @{ Kind = 'coroutine'; Block = { "$_ begun"; $null = await $gates[$_].Task; "$_ ended" } }
        ) {
            # Item 2 ends first; each ends only when somebody has got what it wrote before.
            $gates = @{}
            1..3 | ForEach-Object { $gates[$_] = [Threading.Tasks.TaskCompletionSource[object]]::new() }
            $gates[2].SetResult($true)
            1..3 | Invoke-AsyncForEach $Block | ForEach-Object {
                if ($_ -like '* begun') { $null = $gates[[int]"$_".Substring(0, 1)].TrySetResult($true) }
                $_
            } | Should -Be '1 begun', '1 ended', '2 begun', '2 ended', '3 begun', '3 ended'
        }

        It 'writes everybody''s objects as they come with -AsCompleted, <Kind>' -TestCases @(
            @{ Kind = 'thread'; Block = { "$_ begun"; if ($gate.Task.Wait(20000)) { "$_ ended" } } }
            @{ Kind = 'coroutine'; Block = { "$_ begun"; $null = await $gate.Task; "$_ ended" } }
        ) {
            $gate = [Threading.Tasks.TaskCompletionSource[object]]::new()
            $begun = [Collections.Generic.List[string]]::new()
            $all = 1..3 | Invoke-AsyncForEach -AsCompleted $Block | ForEach-Object {
                if ($_ -like '* begun') { $begun.Add($_) }
                if ($begun.Count -eq 3) { $null = $gate.TrySetResult($true) }
                $_
            }
            $all[0..2] | Should -BeLike '* begun'
            $all[3..5] | Sort-Object | Should -Be '1 ended', '2 ended', '3 ended'
        }

        It 'writes objects live in a coroutine, too' {
            $gate = [Threading.Tasks.TaskCompletionSource[object]]::new()
            Start-AsyncTask -OnLoop {
                1..2 | ForEach-Async { "$_ begun"; $null = await $gate.Task; "$_ ended" } | ForEach-Object { $null = $gate.TrySetResult($true); $_ }
            } | Wait-AsyncTask -TimeoutSec 30 | Should -Be '1 begun', '1 ended', '2 begun', '2 ended'
        }

        It 'writes nothing of an attempt that is tried again' {
            $script:attempts = [Collections.Concurrent.ConcurrentDictionary[int, int]]::new()
            1..2 | Invoke-AsyncForEach -MaximumRetryCount 2 -RetryIntervalSec 0 {
                $attempt = $attempts.AddOrUpdate($_, 1, { param($key, $old) $old + 1 }); "$_ attempt $attempt"; if ($attempt -lt 2) { throw 'again' }
            } | Should -Be '1 attempt 2', '2 attempt 2'
        }

        It 'is found as ForEach-Async' {
            1..2 | ForEach-Async { $_ * 2 } | Should -Be 2, 4
        }
    }

    Context 'Limits' {
        It 'runs at most -ThrottleLimit at once' {
            $counter = [hashtable]::Synchronized(@{ Now = 0; Most = 0; Three = [Threading.Barrier]::new(3) })
            $null = 1..12 | Invoke-AsyncForEach -ThrottleLimit 3 {
                $c = $using:counter
                [Threading.Monitor]::Enter($c.SyncRoot); $c.Now++; if ($c.Now -gt $c.Most) { $c.Most = $c.Now }; [Threading.Monitor]::Exit($c.SyncRoot)
                $null = $c.Three.SignalAndWait(60000)
                Start-Sleep -Milliseconds 30
                [Threading.Monitor]::Enter($c.SyncRoot); $c.Now--; [Threading.Monitor]::Exit($c.SyncRoot)
            }
            $counter.Most | Should -Be 3
        }

        It 'reads input only as fast as it is worked off' {
            $read = [Collections.Generic.List[int]]::new()
            $first = 1..10000 | ForEach-Object { $read.Add($_); $_ } | Invoke-AsyncForEach { $_ } -ThrottleLimit 2 | Select-Object -First 1
            $first | Should -Be 1
            $read.Count | Should -BeLessThan 200
        }

        It 'stops what still runs when downstream has had enough' {
            $started = [Collections.Concurrent.ConcurrentQueue[int]]::new()
            $first = 1..100 | Invoke-AsyncForEach { ($using:started).Enqueue($_); if ($_ -gt 1) { Start-Sleep 600 }; $_ } -ThrottleLimit 4 | Select-Object -First 1
            $first | Should -Be 1
            Wait-Until { @(Get-AsyncTask).Count -eq 0 }
            $started.Count | Should -BeLessThan 100
        }

        It 'fails only the item that takes longer than -TimeoutSec' {
            $results = 1..3 | Invoke-AsyncForEach { if ($_ -eq 2) { Start-Sleep 600 }; $_ } -TimeoutSec 2 -ErrorAction SilentlyContinue -ErrorVariable failures
            $results | Should -Be 1, 3
            $failures.Count | Should -Be 1
            $failures[0].Exception | Should -BeOfType System.TimeoutException
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'AsyncTimeout,*'
            $failures[0].TargetObject | Should -Be 2
            $failures[0].Exception.Message | Should -BeLike '*input: 2*2 s*'
        }

        It 'stops everything at -TotalTimeoutSec, and throws after what came in time' {
            $seen = [Collections.Generic.List[object]]::new()
            $pipeline = { 1..50 | Invoke-AsyncForEach { if ($_ -gt 1) { Start-Sleep 600 }; $_ } -ThrottleLimit 2 -TotalTimeoutSec 2 | ForEach-Object { $seen.Add($_) } }
            $pipeline | Should -Throw -ExceptionType ([TimeoutException]) -ErrorId AsyncTimeout
            $seen | Should -Be 1
            Wait-Until { @(Get-AsyncTask).Count -eq 0 }
        }
    }

    Context 'Errors' {
        It 'writes one item''s error and goes on with the rest' {
            $results = 1..4 | Invoke-AsyncForEach { if ($_ -eq 2) { throw [IO.IOException]::new("no $_") }; $_ } -ErrorAction SilentlyContinue -ErrorVariable failures
            $results | Should -Be 1, 3, 4
            $failures.Count | Should -Be 1
            $failures[0].Exception | Should -BeOfType System.IO.IOException
            $failures[0].InvocationInfo.ScriptName | Should -BeLike '*Invoke-AsyncForEach.Tests.ps1'
        }

        It 'writes what a failed item wrote before' {
            1 | Invoke-AsyncForEach { 'early'; throw 'late' } -ErrorAction SilentlyContinue | Should -Be 'early'
        }

        It 'cancels the rest with -ErrorAction Stop' {
            { 1..100 | Invoke-AsyncForEach { if ($_ -eq 1) { throw 'stop here' }; Start-Sleep 600 } -ThrottleLimit 4 -ErrorAction Stop } |
                Should -Throw -ExpectedMessage 'stop here'
            Wait-Until { @(Get-AsyncTask).Count -eq 0 }
        }

        It 'ends at the first failure that happens, while an earlier item runs: <Kind>, <How>' -TestCases @(
            foreach ($how in 'parameter', 'preference', 'in a coroutine', '-OnLoop or -OnThread by itself') {
                @{ How = $how; Kind = 'thread'; Block = { $null = $begun.Add($_); if ($_ -eq 1) { 'of 1'; Start-Sleep 120; $null = $ended.Add($_) } elseif ($_ -eq 3) { Start-Sleep -Milliseconds 300; throw 'of 3' }; "of $_" } }
                @{ How = $how; Kind = 'coroutine'; Block = { $null = $begun.Add($_); if ($_ -eq 1) { 'of 1'; await (Start-AsyncSleep 120); $null = $ended.Add($_) } elseif ($_ -eq 3) { await (Start-AsyncSleep 0.3); throw 'of 3' }; "of $_" } }
                @{ How = $how; Kind = 'error that ends its statement'; Block = { $null = $begun.Add($_); if ($_ -eq 1) { 'of 1'; Start-Sleep 120; $null = $ended.Add($_) } elseif ($_ -eq 3) { Start-Sleep -Milliseconds 300; throw [InvalidOperationException]'of 3' }; "of $_" } }
            }
        ) {
            $begun = [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new())
            $ended = [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new())
            $seen = [Collections.Generic.List[object]]::new()
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $failure = try {
                switch ($How) {
                    'parameter' { 1..30 | Invoke-AsyncForEach -ThrottleLimit 3 -ErrorAction Stop $Block | ForEach-Object { $seen.Add($_) } }
                    'preference' { & { $ErrorActionPreference = 'Stop'; 1..30 | Invoke-AsyncForEach -ThrottleLimit 3 $Block | ForEach-Object { $seen.Add($_) } } }
                    'in a coroutine' { await (async { 1..30 | ForEach-Async -ThrottleLimit 3 -ErrorAction Stop $Block }) | ForEach-Object { $seen.Add($_) } }
                    default { 1..30 | Invoke-AsyncForEach -ThrottleLimit 3 -OnLoop:($Kind -eq 'coroutine') -OnThread:($Kind -ne 'coroutine') -ErrorAction Stop $Block | ForEach-Object { $seen.Add($_) } }
                }
            } catch { $_ }
            $failure.Exception.Message | Should -BeExactly 'of 3'
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 60
            $begun | Should -Contain 3

            # What stands before it is not lost; the item that ran has been stopped.
            $seen | Should -Be 'of 1', 'of 2'
            $ended | Should -BeNullOrEmpty
            Wait-Until { await (Start-AsyncSleep 0); -not (Get-AsyncTask | Where-Object Origin -Like '*Invoke-AsyncForEach.Tests.ps1*') }
        }

        It 'ends at an error record of an item whose turn has not come, with -ErrorAction Stop: <Kind>, <How>' -TestCases @(
            foreach ($how in 'plain', 'in a coroutine') {
                @{ How = $how; Kind = 'thread'; Block = { if ($_ -eq 1) { Start-Sleep 120 } elseif ($_ -eq 2) { Write-Error 'of 2' } } }
                @{ How = $how; Kind = 'coroutine'; Block = { if ($_ -eq 1) { await (Start-AsyncSleep 120) } elseif ($_ -eq 2) { await (Start-AsyncSleep 0.05); Write-Error 'of 2' } } }
            }
        ) {
            $clock = [Diagnostics.Stopwatch]::StartNew()
            if ($How -eq 'plain') { { 1..9 | Invoke-AsyncForEach -ThrottleLimit 3 -ErrorAction Stop $Block } | Should -Throw 'of 2' }
            else { { await (async { 1..9 | Invoke-AsyncForEach -ThrottleLimit 3 -ErrorAction Stop $Block }) } | Should -Throw 'of 2' }
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 60
        }

        It 'goes on after a failure without -ErrorAction Stop, and with -PassThru' {
            $seen = 1..3 | Invoke-AsyncForEach { if ($_ -eq 2) { throw 'of 2' }; $_ } -ErrorAction SilentlyContinue -ErrorVariable failures
            $seen | Should -Be 1, 3
            $failures.Exception.Message | Should -Contain 'of 2'
            (1..3 | Invoke-AsyncForEach -PassThru -ErrorAction Stop { if ($_ -eq 2) { throw 'of 2' }; $_ }).State | Should -Be Completed, Failed, Completed
        }

        It 'passes non-terminating errors of a block on, and its output too' {
            $results = 1 | Invoke-AsyncForEach { Write-Error 'soft'; 'out' } -ErrorAction SilentlyContinue -ErrorVariable failures
            $results | Should -Be 'out'
            $failures[0].Exception.Message | Should -Be 'soft'
        }

        It 'tries again as often as -MaximumRetryCount says' {
            $tries = [hashtable]::Synchronized(@{})
            $results = 'a', 'b' | Invoke-AsyncForEach { $t = $using:tries; $t[$_]++; if ($t[$_] -lt 3) { throw 'not yet' }; "$_$($t[$_])" } -MaximumRetryCount 3 -RetryIntervalSec 0.01 -Backoff Exponential
            $results | Should -Be 'a3', 'b3'
        }

        It 'tries again after an error that ends its statement: <Kind>' -TestCases @(
            @{ Kind = 'thread'; Block = { 'written'; Invoke-RestMethod $_ -TimeoutSec 5; 'no' } }
            @{ Kind = 'coroutine'; Block = { 'written'; await (Start-AsyncSleep 0); Invoke-RestMethod $_ -TimeoutSec 5; 'no' } }
        ) {
            $result = 'http://127.0.0.1:9/' | Invoke-AsyncForEach $Block -MaximumRetryCount 2 -RetryIntervalSec 0.01 -PassThru
            $result.State | Should -Be 'Failed'
            $result.Attempts | Should -Be 3
            $result.Output | Should -Be 'written'
            $result.Error | Should -BeOfType Management.Automation.ErrorRecord
            $result.Error.Exception | Should -BeOfType Net.Http.HttpRequestException
        }

        It 'writes an error that ends its statement for its item, and goes on with the rest' {
            $out = 1, 0, 2 | Invoke-AsyncForEach { 6 / $_; "of $_" } -ErrorVariable failures -ErrorAction SilentlyContinue
            $out | Should -Be 6, 'of 1', 3, 'of 2'
            $failures | Should -HaveCount 1
        }

        It 'pairs inputs with what came of them with -PassThru' {
            $all = 1..3 | Invoke-AsyncForEach { "out$_"; if ($_ -eq 2) { throw 'bad' } } -PassThru
            $all.Input | Should -Be 1, 2, 3
            $all.Output | Should -Be 'out1', 'out2', 'out3'
            $all.State | Should -Be 'Completed', 'Failed', 'Completed'
            $all[1].Error.Exception.Message | Should -Be 'bad'
            $all[0].Error | Should -Be $null
            $all.Attempts | Should -Be 1, 1, 1
            $all[0].Duration | Should -BeGreaterThan ([timespan]::Zero)
        }
    }

    Context 'Streams' {
        It 'brings each item''s records along with its output' {
            $all = 1..2 | Invoke-AsyncForEach { Write-Warning "w$_"; $_ } 3>&1
            ($all | Where-Object { $_ -is [Management.Automation.WarningRecord] }).Message | Sort-Object | Should -Be 'w1', 'w2'
        }
    }

    Context 'Leftovers' {
        It 'gives runspaces back after <Scenario>' -TestCases @(
            @{ Scenario = 'success'; Body = '1..50 | Invoke-AsyncForEach { $_ } | Out-Null' }
            @{ Scenario = 'failure'; Body = '1..50 | Invoke-AsyncForEach { throw 1 } -ErrorAction SilentlyContinue | Out-Null' }
            @{ Scenario = 'Select-Object -First'; Body = '1..50 | Invoke-AsyncForEach { Start-Sleep -Milliseconds 10; $_ } | Select-Object -First 1 | Out-Null' }
        ) {
            $before = (Get-Runspace).Count
            $session = New-TestSession
            foreach ($round in 1..5) { $null = Invoke-InSession $session $Body }
            Remove-TestSession $session
            Wait-Until { (Get-Runspace).Count -le $before }
        }

        It 'ends within Ctrl+C and stops what runs' {
            $session = New-TestSession
            try {
                $elapsed = Stop-InSession $session '$signal.Set(); 1..100 | Invoke-AsyncForEach { Start-Sleep 600 } -ThrottleLimit 5' -WaitMilliseconds 1500
                $elapsed.TotalSeconds | Should -BeLessThan 5
                Wait-Until { (Invoke-InSession $session '(Get-AsyncLoop).PendingTasks') -eq 0 }
            }
            finally {
                Remove-TestSession $session
            }
        }
    }
}
