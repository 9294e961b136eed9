BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    Import-Module $PSScriptRoot/../Support/OwnProcess.psm1
}

Describe 'A finally of a coroutine' {
    Context 'at Ctrl+C' {
        BeforeEach {
            $session = New-TestSession
        }

        AfterEach {
            Remove-TestSession $session
        }

        # A step later the command that waits is there: stopped before that, nobody waits for the task.
        It 'runs, with its awaits, before the pipeline has ended: <Where>' -TestCases @(
            @{ Where = 'at an await'; Block = 'await (Start-AsyncSleep 0); $signal.Set(); await (Start-AsyncSleep 600)' }
            @{ Where = 'in the middle of a step'; Block = 'await (Start-AsyncSleep 0); $signal.Set(); Start-Sleep 600' }
            @{ Where = 'in an endless loop'; Block = 'await (Start-AsyncSleep 0); $signal.Set(); while ($true) { }' }
            @{ Where = 'in the first step'; Block = '$signal.Set(); Start-Sleep 600; await $null' }
            @{ Where = 'at an await in the middle of a pipeline'; Block = 'await (Start-AsyncSleep 0); 1 | Where-Object { $signal.Set(); await (Start-AsyncSleep 600) }' }
            @{ Where = 'in a function'; Block = 'function f { await (Start-AsyncSleep 0); $signal.Set(); await (Start-AsyncSleep 600) }; f' }
            @{ Where = 'in a try inside'; Block = 'try { await (Start-AsyncSleep 0); $signal.Set(); await (Start-AsyncSleep 600) } catch [IO.IOException] { } finally { $log.Add("inner") }' }
        ) {
            $null = Stop-InSession $session "`$lock = New-AsyncLock; `$log = [Collections.Generic.List[string]]::new()
                await (Start-AsyncTask -OnLoop {
                    Enter-AsyncLock `$lock
                    try { $Block } finally { await (Start-AsyncSleep 0.01); Exit-AsyncLock `$lock; `$log.Add('outer') } })"
            Invoke-InSession $session '$log[-1]' | Should -Be 'outer'
            Invoke-InSession $session '$lock.IsHeld' | Should -BeFalse
        }

        It 'runs in all that <Command> has stopped' -TestCases @(
            @{ Command = 'ForEach-Async'; Wait = '1..20 | ForEach-Async -OnLoop -ThrottleLimit 20 $block' }
            @{ Command = 'Wait-AsyncGather'; Wait = '1..20 | Start-AsyncTask -OnLoop $block | Wait-AsyncGather' }
            @{ Command = 'Receive-AsyncTask, whose pipeline started them'; Wait = '1..20 | Start-AsyncTask -OnLoop $block | Receive-AsyncTask' }
            @{ Command = 'Invoke-WithTimeout'; Wait = '$log.AddRange([string[]](1..19)); Invoke-WithTimeout -TimeoutSec 600 $block' }
            @{ Command = 'Invoke-AsyncTaskGroup'; Wait = 'Invoke-AsyncTaskGroup { 1..20 | Start-AsyncTask -OnLoop $block }' }
        ) {
            $null = Stop-InSession $session "`$log = [Collections.Generic.List[string]]::new()
                `$block = { try { await (Start-AsyncSleep 0); `$signal.Set(); await (Start-AsyncSleep 600) } finally { await (Start-AsyncSleep 0.01); `$log.Add('ended') } }
                $Wait"
            Invoke-InSession $session '$log.Count' | Should -Be 20
        }

        It 'does not run catch clauses for the stop of a step, as in plain script' {
            # The stop must find Start-Sleep running, and not its module being loaded.
            $null = Stop-InSession $session '$log = [Collections.Generic.List[string]]::new(); Start-Sleep 0
                await (Start-AsyncTask -OnLoop {
                    await (Start-AsyncSleep 0)
                    try { $signal.Set(); Start-Sleep 600 } catch { $log.Add("caught $_") } finally { $log.Add("finally") } })'
            Invoke-InSession $session '$log' | Should -Be 'finally'
        }

        It 'leaves coroutines that were not waited for as they were' {
            $null = Stop-InSession $session '$event = New-AsyncEvent; $other = Start-AsyncTask -OnLoop { Wait-AsyncEvent $event; "went on" }
                await (Start-AsyncTask -OnLoop { try { $signal.Set(); await (Start-AsyncSleep 600) } finally { await (Start-AsyncSleep 0) } })'
            Invoke-InSession $session 'Set-AsyncEvent $event; await $other -TimeoutSec 30' | Should -Be 'went on'
        }

        It 'holds the stop up for a few seconds at most' {
            $null = Stop-InSession $session 'await ($stuck = Start-AsyncTask -OnLoop { try { await (Start-AsyncSleep 0); $signal.Set(); await (Start-AsyncSleep 600) } finally { await (New-Future) } })'
            Invoke-InSession $session '1' | Should -Be 1
        }
    }

    Context 'at the end of the session' {
        Context 'by <Ending>' -ForEach @(
            @{ Ending = 'the end of the script'; Script = '' }
            @{ Ending = 'exit'; Script = 'exit' }
            @{ Ending = 'an error'; Script = 'throw "over"' }
            @{ Ending = 'Remove-Module'; Script = 'Remove-Module AsyncJobs' }
            @{ Ending = 'Import-Module -Force'; Script = 'Import-Module $module -Force' }
            if (-not $IsWindows) { @{ Ending = 'SIGTERM'; Script = '/bin/kill -TERM $PID; while ($true) { Start-Sleep -Milliseconds 20 }' } }
        ) {
            BeforeAll {
                $written = Invoke-InOwnProcess -TimeoutSec 120 "
                    `$module = (Get-Module AsyncJobs).Path
                    `$lock = New-AsyncLock
                    `$null = 1..200 | Start-AsyncTask -OnLoop {
                        try { await (Start-AsyncSleep 600) }
                        finally { Enter-AsyncLock `$lock; try { await (Start-AsyncSleep 0); [Console]::WriteLine(`"ended `$_`") } finally { Exit-AsyncLock `$lock } } }
                    `$null = Start-AsyncTask -OnLoop {
                        Invoke-AsyncTaskGroup {
                            `$null = Start-AsyncTask -OnLoop {
                                try { await (Start-AsyncSleep 600) } finally { await (Start-AsyncSleep 0.3); [Console]::WriteLine('of a task in it') } }
                            try { await (Start-AsyncSleep 600) } finally { await (Start-AsyncSleep 0.01); [Console]::WriteLine('of its block') } } }
                    $Script"
            }

            It 'runs in each of 200' {
                @($written -like 'ended *').Count | Should -Be 200
            }

            It 'runs to its end in a task whose group ends meanwhile' {
                $written -like 'of *' | Should -Be 'of its block', 'of a task in it'
            }
        }

        It 'runs at SIGTERM, in each of 200, while the script <Where>' -Skip:$IsWindows -TestCases @(
            @{ Where = 'waits'; Script = 'await (Start-AsyncSleep 600)' }
            @{ Where = 'awaits a coroutine'; Script = 'await $tasks[0]' }
            @{ Where = 'never waits'; Script = 'while ($true) { $null = 1 }' }
            @{ Where = 'runs short commands'; Script = 'while ($true) { Start-Sleep -Milliseconds 1; $null = Get-Date }' }
        ) {
            $written = Invoke-InOwnProcess -TimeoutSec 120 "
                `$lock = New-AsyncLock
                `$tasks = 1..200 | Start-AsyncTask -OnLoop {
                    try { await (Start-AsyncSleep 600) }
                    finally { Enter-AsyncLock `$lock; try { await (Start-AsyncSleep 0); [Console]::WriteLine(`"ended `$_`") } finally { Exit-AsyncLock `$lock } } }
                `$null = Start-ThreadJob { Start-Sleep -Milliseconds 300; /bin/kill -TERM `$using:PID }
                $Script"
            @($written -like 'ended *').Count | Should -Be 200
        }

        It 'runs in each of 200 whose steps take longer together than one may wait' {
            $written = Invoke-InOwnProcess -TimeoutSec 120 '
                $lock = New-AsyncLock
                $null = 1..200 | Start-AsyncTask -OnLoop {
                    try { await (Start-AsyncSleep 600) }
                    finally { Start-Sleep -Milliseconds 35; Enter-AsyncLock $lock; [Console]::WriteLine("ended $_"); Exit-AsyncLock $lock } }'
            @($written -like 'ended *').Count | Should -Be 200
        }

        It 'runs at SIGTERM, as that of the script, while the script <Where>' -Skip:$IsWindows -TestCases @(
            @{ Where = 'stays in one command'; Script = 'Start-Sleep 600' }
            @{ Where = 'stays in one command, of a process that ignores SIGINT'; Script = 'Start-Sleep 600'; Ignores = $true }
            @{ Where = 'awaits one that stays in a command'; Script = 'await (Start-AsyncTask -OnLoop { await (Start-AsyncSleep 0); try { Start-Sleep 600 } finally { await (Start-AsyncSleep 0); [Console]::WriteLine("ended 0") } })' }
            @{ Where = 'runs a program'; Script = '/bin/sleep 600' }
            @{ Where = 'runs a program that runs another'; Script = '/bin/sh -c "sleep 600; true"' }
            @{ Where = 'awaits one that runs a program'; Script = 'await (Start-AsyncTask -OnLoop { await (Start-AsyncSleep 0); try { /bin/sleep 600 } finally { await (Start-AsyncSleep 0); [Console]::WriteLine("ended 0") } })' }
            @{ Where = 'awaits a task on a thread'; Script = 'await (Start-AsyncTask -OnThread { Start-Sleep 600 })' }
            @{ Where = 'waits'; Script = 'await (Start-AsyncSleep 600)' }
            @{ Where = 'never waits'; Script = 'while ($true) { $null = 1 }' }
        ) {
            param($Script, $Ignores)
            $file = Join-Path $TestDrive 'terminated.ps1'
            Set-Content $file "Import-Module '$((Get-Module AsyncJobs).Path)'
                `$lock = New-AsyncLock
                `$tasks = 1..20 | Start-AsyncTask -OnLoop {
                    try { await (Start-AsyncSleep 600) }
                    finally { Enter-AsyncLock `$lock; try { await (Start-AsyncSleep 0); [Console]::WriteLine(`"ended `$_`") } finally { Exit-AsyncLock `$lock } } }
                `$null = Start-ThreadJob { Start-Sleep -Milliseconds 500; /bin/kill -TERM `$using:PID }
                try { $Script } catch { [Console]::WriteLine('caught') } finally { [Console]::WriteLine('plain finally') }
                [Console]::WriteLine('went on')"
            $start = New-PowerShellStartInfo '-File', $file
            if ($Ignores) {
                $command = @($start.FileName) + $start.ArgumentList
                $start.FileName = '/bin/sh'
                $start.ArgumentList.Clear()
                '-c', 'trap "" INT; exec "$@"', 'sh' + $command | ForEach-Object { $start.ArgumentList.Add($_) }
            }

            $process = [Diagnostics.Process]::Start($start)
            try {
                $reading = $process.StandardOutput.ReadToEndAsync()
                $process.WaitForExit(90000) | Should -BeTrue
                $process.ExitCode | Should -Be 143
                $written = $reading.GetAwaiter().GetResult() -split '\r?\n'
                $count = $Script -like '*ended 0*' ? 21 : 20
                @($written -like 'ended *').Count | Should -Be $count
                @($written -eq 'plain finally').Count | Should -Be 1
                $written | Should -Not -Contain 'caught'
                $written | Should -Not -Contain 'went on'
            }
            finally {
                if (-not $process.HasExited) { $process.Kill($true) }
            }
        }

        It 'runs what it calls of modules that were not loaded yet' {
            Invoke-InOwnProcess '$null = Start-AsyncTask -OnLoop { try { await (Start-AsyncSleep 600) } finally { [Console]::WriteLine((ConvertTo-Json 1)) } }' |
                Should -Contain '1'
        }

        It 'leaves no file half written at SIGTERM' -Skip:$IsWindows {
            $folder = New-Item (Join-Path $TestDrive 'half') -ItemType Directory
            $written = Invoke-InOwnProcess "
                `$listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
                `$listener.Start()
                `$task = Start-AsyncWebRequest `"http://127.0.0.1:`$(`$listener.LocalEndpoint.Port)/`" -OutFile '$folder/file'
                `$stream = `$listener.AcceptTcpClient().GetStream()
                `$stream.Write([Text.Encoding]::ASCII.GetBytes(`"HTTP/1.1 200 OK``r``nContent-Length: 100000``r``n``r``nabc`"))
                while (-not (Get-ChildItem '$folder' -Force)) { Start-Sleep -Milliseconds 20 }
                'half'
                /bin/kill -TERM `$PID
                Start-Sleep 60"
            $written | Should -Be 'half'
            Get-ChildItem $folder -Force | Should -BeNullOrEmpty
        }

        It 'runs when a runspace of a host closes' {
            $session = New-TestSession
            $log = [Collections.Concurrent.ConcurrentQueue[string]]::new()
            Invoke-InSession $session '$null = Start-AsyncTask -OnLoop { try { await (Start-AsyncSleep 600) } finally { await (Start-AsyncSleep 0); $log.Enqueue("ended") } }' -Variable @{ log = $log }
            Remove-TestSession $session
            $log | Should -Be 'ended'
        }

        It 'leaves tasks stopped' {
            Invoke-InOwnProcess '$task = Start-AsyncTask -OnLoop { await (Start-AsyncSleep 600) }; Remove-Module AsyncJobs; "$($task.State)"' | Should -Be 'Stopped'
        }
    }

    It 'of a coroutine that removes the module runs, and its next await says what happened' {
        $written = Invoke-InOwnProcess '$task = Start-AsyncTask -OnLoop { try { await (Start-AsyncSleep 0); Remove-Module AsyncJobs; await (Start-AsyncSleep 0) } finally { [Console]::WriteLine("finally") } }
            try { await $task } catch { $_.Exception.GetType().Name }'
        $written | Should -Be 'finally', 'OperationCanceledException'
    }
}
