<#
Start-AsyncTask -Session, over two transports of PowerShell remoting: SSH to an sshd of the tests' own, and a child process, which needs
nothing installed. The other side is this machine, so a file says what happens there.
#>
BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/TestSshServer.psm1
    $transports = @(@{ Transport = 'a process' })
    $hasSsh = [bool](Find-SshServer)
    if ($hasSsh) {
        $transports += @{ Transport = 'SSH' }
    } else {
        Write-Warning 'The tests over SSH are skipped: install an SSH server, e.g. apt-get install openssh-server.'
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    Import-Module $PSScriptRoot/../Support/TestSshServer.psm1
}

Describe 'Start-AsyncTask -Session over SSH' {
    It 'is tested, because an SSH server is installed' -Skip:(-not $hasSsh) {
        Find-SshServer | Should -Not -BeNullOrEmpty
    }
}

Describe 'Start-AsyncTask -Session over <Transport>' -ForEach $transports {
    BeforeAll {
        if ($Transport -eq 'SSH') {
            $server = Start-TestSshServer (Find-SshServer)
            function New-Session { New-TestSshSession $server }
        } else {
            function New-Session { New-TestProcessSession }
        }

        # Until a file is there, or a limit has passed; on the other side.
        $waitForFile = 'function Wait-File($Path) { foreach ($i in 1..3000) { if (Test-Path $Path) { return }; Start-Sleep -Milliseconds 20 }; throw "no $Path" }'

        $sessions = 1..3 | ForEach-Object { New-Session }
        $sessions | ForEach-Object { Invoke-Command $_ ([scriptblock]::Create($waitForFile)) }
    }

    AfterAll {
        $sessions | Remove-PSSession
        Stop-TestSshServer $server
    }

    BeforeEach {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))).FullName
    }

    Context 'results' {
        It 'starts one task for each session, in order, and holds no thread for it' {
            $there = $sessions | ForEach-Object { Invoke-Command $_ { $PID } }
            $tasks = Start-AsyncTask -Session $sessions { $PID }
            $tasks.Count | Should -Be 3
            $tasks.Kind | Select-Object -Unique | Should -Be IO
            [object]::ReferenceEquals($tasks[1].InputObject, $sessions[1]) | Should -BeTrue
            $tasks[0].Name | Should -Be $sessions[0].ComputerName
            $tasks | Wait-AsyncGather | Should -Be $there
        }

        It 'sends arguments and the values of $using:' {
            $settings = @{ Name = 'demo' }
            $word = 'using'
            $task = Start-AsyncTask -Session $sessions[0] -ArgumentList 1, 'two' { param($a, $b) "$a $b $using:word $($using:settings.Name) $(($using:settings).Name)" }
            await $task -TimeoutSec 60 | Should -Be '1 two using demo demo'
        }

        It 'sends the values as they were at the start' {
            $word = 'before'
            $tasks = Start-AsyncTask -Session $sessions -ThrottleLimit 1 -ArgumentList $folder { param($folder) Wait-File "$folder/go"; $using:word }
            $word = 'after'
            Set-Content "$folder/go" 1
            await $tasks -TimeoutSec 60 | Should -Be 'before', 'before', 'before'
        }

        It 'sends a script' {
            $word = 'sent'
            Set-Content "$folder/remote.ps1" 'param($a) "$a $using:word $PID"'
            $there = Invoke-Command $sessions[0] { $PID }
            await (Start-AsyncTask -Session $sessions[0] -FilePath "$folder/remote.ps1" -ArgumentList 'is') -TimeoutSec 60 | Should -Be "is sent $there"
        }

        It 'gives nothing, one object or an array, as assigning the output does' {
            $tasks = @(
                Start-AsyncTask -Session $sessions[0] { }
                Start-AsyncTask -Session $sessions[1] { 1 }
                Start-AsyncTask -Session $sessions[2] { 1; 2 }
            )
            Wait-AsyncTask $tasks -PassThru -TimeoutSec 60 | Out-Null
            $tasks[0].GetResult() | Should -BeNullOrEmpty
            $tasks[1].GetResult() | Should -Be 1
            $tasks[2].GetResult() | Should -Be 1, 2
        }

        It 'marks objects with the computer they are from' {
            $result = Start-AsyncTask -Session $sessions[0] { Get-Item / } | Wait-AsyncTask -TimeoutSec 60
            $result.PSComputerName | Should -Be $sessions[0].ComputerName
            $result.RunspaceId | Should -Be $sessions[0].Runspace.InstanceId
        }

        It 'keeps to -ThrottleLimit' {
            $times = Start-AsyncTask -Session $sessions -ThrottleLimit 1 { $from = [DateTime]::UtcNow.Ticks; Start-Sleep -Milliseconds 100; [pscustomobject]@{ From = $from; To = [DateTime]::UtcNow.Ticks } } |
                Wait-AsyncGather
            $times[1].From | Should -BeGreaterOrEqual $times[0].To
            $times[2].From | Should -BeGreaterOrEqual $times[1].To
        }

        It 'tries again' {
            $task = Start-AsyncTask -Session $sessions[0] -MaximumRetryCount 2 -RetryIntervalSec 0.01 -ArgumentList "$folder/tried" {
                param($file)
                if (-not (Test-Path $file)) { Set-Content $file 1; throw 'first' }
                'second'
            }
            await $task -TimeoutSec 60 | Should -Be 'second'
            $task.Attempts | Should -Be 2
        }

        It 'uses a session again and again' {
            foreach ($i in 1..20) {
                await (Start-AsyncTask -Session $sessions { param($n) $n } -ArgumentList $i) -TimeoutSec 60 | Should -Be $i, $i, $i
            }
            $sessions.Availability | Select-Object -Unique | Should -Be Available
        }

        It 'as a job has a child for each session' {
            $job = Start-AsyncTask -AsJob -Name everywhere -Session $sessions { Write-Warning w; $PID }
            $job.ChildJobs.Count | Should -Be 3
            $job.ChildJobs[0].Location | Should -Be $sessions[0].ComputerName
            Wait-Job $job -Timeout 60 | Should -Be $job
            $job.State | Should -Be Completed
            Receive-Job $job -WarningAction SilentlyContinue -WarningVariable warnings | Should -HaveCount 3
            $warnings.Count | Should -Be 3
            Remove-Job $job
        }
    }

    Context 'streams and errors' {
        It 'writes the records of the other side as the waiter''s own' {
            $task = Start-AsyncTask -Session $sessions[0] {
                Write-Warning warning
                Write-Error error
                Write-Information information
                Write-Verbose verbose -Verbose
                'output'
            }
            $all = await $task -TimeoutSec 60 -ErrorAction SilentlyContinue -ErrorVariable errors -WarningAction SilentlyContinue -WarningVariable warnings -InformationVariable information -Verbose 4>&1 6>$null
            $all | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] } | Should -Be 'output'
            ($all | Where-Object { $_ -is [Management.Automation.VerboseRecord] }).Message | Should -Be 'verbose'
            "$warnings", "$errors", "$information" | Should -Be 'warning', 'error', 'information'
            $errors[0].OriginInfo.PSComputerName | Should -Be $sessions[0].ComputerName
        }

        It 'writes them while the block runs' {
            $task = Start-AsyncTask -Session $sessions[0] { param($file) Write-Warning first; Wait-File $file; 'done' } -ArgumentList "$folder/go"
            await $task -TimeoutSec 60 3>&1 | ForEach-Object { "$_"; Set-Content "$folder/go" 1 } | Should -Be 'first', 'done'
        }

        It 'throws what ended the block, with its type, place and stack over there, after the output' {
            $task = Start-AsyncTask -Session $sessions[0] {
                'before'
                throw [IO.IOException]::new('disk')
            }
            $written = [Collections.Generic.List[object]]::new()
            $caught = try { await $task -TimeoutSec 60 | ForEach-Object { $written.Add($_) } } catch [Management.Automation.RemoteException] { $_ }
            $written | Should -Be 'before'
            $caught.Exception.Message | Should -Be 'disk'
            $caught.Exception.SerializedRemoteException.PSTypeNames | Should -Contain 'Deserialized.System.IO.IOException'
            $caught.Exception.SerializedRemoteInvocationInfo.Line | Should -BeLike '*throw `[IO.IOException`]*'
            $caught.ScriptStackTrace | Should -BeLike '*line 3*'
            $caught.CategoryInfo.TargetName | Should -Be $sessions[0].ComputerName
            $task.State | Should -Be Failed
        }

        It 'keeps error ids' {
            $task = Start-AsyncTask -Session $sessions[0] { Get-Item /no/such/file -ErrorAction Stop }
            { await $task -TimeoutSec 60 } | Should -Throw -ErrorId 'PathNotFound,*GetItemCommand'
        }

        It 'fails at an error that ends its statement, whatever the preference there' {
            $task = Start-AsyncTask -Session $sessions[0] {
                param($zero)
                'written'
                Write-Error 'also' -ErrorAction Continue
                $ErrorActionPreference = 'SilentlyContinue'
                & { "$using:PID"; 1 / $zero; 'no' }
                'no'
            } -ArgumentList 0
            $written = try { await $task -ErrorAction SilentlyContinue -ErrorVariable errors } catch { $failure = $_ }
            $written | Should -Be 'written', "$PID"
            $failure | Should -BeLike 'Attempted to divide by zero.'
            $failure.Exception.SerializedRemoteInvocationInfo.Line | Should -BeLike '*1 / $zero*'
            "$errors" | Should -BeLike '*also*'
            $task.State | Should -Be Failed
            await (Start-AsyncTask -Session $sessions[0] { "$ErrorActionPreference"; $ErrorActionPreference = 'Continue' }) | Should -Be 'SilentlyContinue'
        }

        It 'runs a file with using lines, that goes on where a trap says so' {
            $file = Join-Path $folder 'using.ps1'
            Set-Content $file "using namespace System.Text`nparam(`$a)`ntrap { 'trapped'; continue }`n1 / 0`n[StringBuilder].Name; `"it's `$a`""
            await (Start-AsyncTask -Session $sessions[0] -FilePath $file -ArgumentList 'a') | Should -Be 'trapped', 'StringBuilder', "it's a"
        }

        It 'fails where the arguments do not fit' {
            $task = Start-AsyncTask -Session $sessions[0] { param([int] $number) $number } -ArgumentList 'many'
            { await $task -TimeoutSec 60 } | Should -Throw -ExpectedMessage '*number*'
        }

        It 'fails one without the others' {
            $wrong = Invoke-Command $sessions[1] { $PID }
            $results = Start-AsyncTask -Session $sessions { if ($PID -eq $using:wrong) { throw 'wrong one' }; 'right' } | Wait-AsyncGather -ReturnExceptions
            $results[0], $results[2] | Should -Be 'right', 'right'
            $results[1].Message | Should -Be 'wrong one'
        }

        It 'takes no input and no initialization script' {
            { Start-AsyncTask -Session $sessions { } -InitializationScript { } } | Should -Throw -ErrorId 'InvalidArgument,*'
            { 1 | Start-AsyncTask -Session $sessions { $_ } } | Should -Throw -ErrorId 'InvalidArgument,*' -ExpectedMessage '*-ArgumentList*'
            { Start-AsyncTask -InputObject 1 -Session $sessions { $_ } } | Should -Throw -ErrorId 'InvalidArgument,*'
        }
    }

    Context 'jobs of Invoke-Command' {
        AfterEach {
            Remove-EveryJob
        }

        It 'are awaited, computer by computer' {
            $there = $sessions | ForEach-Object { Invoke-Command $_ { $PID } }
            $job = Invoke-Command -Session $sessions -AsJob { Write-Warning w; $PID }
            await $job -TimeoutSec 60 -WarningAction SilentlyContinue -WarningVariable warnings | Should -Be $there
            $warnings.Count | Should -Be 3
        }

        It 'throw what failed on one of them' {
            $wrong = Invoke-Command $sessions[1] { $PID }
            $job = Invoke-Command -Session $sessions -AsJob { if ($PID -eq $using:wrong) { throw 'wrong one' }; 'right' }
            { await $job -TimeoutSec 60 } | Should -Throw -ExpectedMessage 'wrong one'
        }

        It 'are stopped at a time limit' {
            $job = Invoke-Command -Session $sessions[0] -AsJob { Start-Sleep 600 }
            { Invoke-WithTimeout 0.5 -Task $job } | Should -Throw -ErrorId AsyncTimeout
            $null = Wait-Job $job -Timeout 60
            $job.State | Should -Be Stopped
            Wait-Until { $sessions[0].Availability -eq 'Available' }
        }
    }

    Context 'stopping' {
        BeforeAll {
            $block = { param($folder) try { Set-Content "$folder/begun" 1; Start-Sleep 600 } finally { Set-Content "$folder/finally" 1 } }
        }

        It 'stops the pipeline over there, whose finally runs, and the session can be used again' {
            $task = Start-AsyncTask -Session $sessions[0] $block -ArgumentList $folder
            Wait-Until { Test-Path $folder/begun }
            Stop-AsyncTask $task -Reason 'no longer needed'
            { await $task -TimeoutSec 60 } | Should -Throw -ExceptionType OperationCanceledException -ExpectedMessage '*no longer needed*'
            Wait-Until { Test-Path $folder/finally }
            Wait-Until { $sessions[0].Availability -eq 'Available' }
            await (Start-AsyncTask -Session $sessions[0] { 1 }) -TimeoutSec 60 | Should -Be 1
        }

        It 'stops it at the time limit <Of>' -ForEach @(
            @{ Of = 'of the task'; Run = { await (Start-AsyncTask -Session $sessions[0] $block -ArgumentList $folder -TimeoutSec 1) -TimeoutSec 60 } }
            @{ Of = 'of the wait'; Run = { Invoke-WithTimeout 1 -Task (Start-AsyncTask -Session $sessions[0] $block -ArgumentList $folder) } }
        ) {
            { . $Run } | Should -Throw -ErrorId AsyncTimeout
            if (Test-Path $folder/begun) {
                Wait-Until { Test-Path $folder/finally }
            }
            Wait-Until { $sessions[0].Availability -eq 'Available' }
        }

        It 'stops it on Ctrl+C' {
            $shell = New-TestSession
            try {
                $null = Stop-InSession $shell '$task = Start-AsyncTask -Session $remote $block -ArgumentList $folder; while (-not (Test-Path "$folder/begun")) { Start-Sleep -Milliseconds 20 }; $signal.Set(); await $task' -Variable @{
                    remote = $sessions[0]; block = [scriptblock]::Create($block); folder = $folder
                }
                Wait-Until { Test-Path $folder/finally }
            } finally {
                Remove-TestSession $shell
            }
            Wait-Until { $sessions[0].Availability -eq 'Available' }
        }

        It 'never begins what is stopped behind its throttle' {
            $tasks = Start-AsyncTask -Session $sessions[0, 1] -ThrottleLimit 1 { param($folder) Set-Content "$folder/$PID" 1; Wait-File "$folder/go" } -ArgumentList $folder
            Wait-Until { @(Get-ChildItem $folder).Count -eq 1 }
            Stop-AsyncTask $tasks[1]
            $tasks[1].State | Should -Be Stopped
            Set-Content "$folder/go" 1
            await $tasks[0] -TimeoutSec 60
            @(Get-ChildItem $folder).Count | Should -Be 2
        }

        It 'lets go of a block that does not stop; its session stays busy until it does' {
            $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
            $listener.Start()
            try {
                $task = Start-AsyncTask -Session $sessions[2] -ArgumentList $listener.LocalEndpoint.Port {
                    param($port)
                    try {
                        $client = [Net.Sockets.TcpClient]::new('127.0.0.1', $port)
                        Start-Sleep 600
                    } finally {
                        $client.ReceiveTimeout = 120000
                        $null = $client.GetStream().ReadByte()
                    }
                }
                $accepted = $listener.AcceptTcpClientAsync()
                $accepted.Wait(60000) | Should -BeTrue
                Stop-AsyncTask $task
                { await $task -TimeoutSec 60 } | Should -Throw -ExceptionType OperationCanceledException
                { await (Start-AsyncTask -Session $sessions[2] { 1 }) -TimeoutSec 60 } | Should -Throw -ErrorId SessionBusy
                $accepted.Result.Dispose()
            } finally {
                $listener.Stop()
            }

            Wait-Until { $sessions[2].Availability -eq 'Available' }
            await (Start-AsyncTask -Session $sessions[2] { 1 }) -TimeoutSec 60 | Should -Be 1
        }
    }

    Context 'sessions that cannot' {
        It 'refuses a busy session, and the one under way is not disturbed' {
            $first = Start-AsyncTask -Session $sessions[0] { param($file) Wait-File $file; 'first' } -ArgumentList "$folder/go"
            $second = Start-AsyncTask -Session $sessions[0] { 'second' }
            { await $second -TimeoutSec 60 } | Should -Throw -ErrorId SessionBusy -ExpectedMessage "*$($sessions[0].Name)*"
            Set-Content "$folder/go" 1
            await $first -TimeoutSec 60 | Should -Be 'first'
        }

        It 'refuses a closed session; the others run' {
            $closed = New-Session
            Remove-PSSession $closed
            $results = Start-AsyncTask -Session $closed, $sessions[0] { 'ran' } | Wait-AsyncGather -ReturnExceptions
            $results[0] | Should -BeOfType AsyncJobs.RemoteSessionException
            $results[0].ErrorId | Should -Be SessionNotOpen
            $results[0].Message | Should -BeLike "*$($closed.Name)*"
            $results[1] | Should -Be 'ran'
        }

        It 'fails with SessionBroken when the session is <What> meanwhile' -ForEach @(
            # PowerShell does not notice the death of a child process of its own.
            if ($Transport -eq 'SSH') { @{ What = 'killed'; Act = { Stop-Process -Id $id -Force } } }
            @{ What = 'removed'; Act = { Remove-PSSession $mortal } }
        ) {
            $mortal = New-Session
            try {
                $id = Invoke-Command $mortal { $PID }
                $task = Start-AsyncTask -Session $mortal { 'last words'; Write-Warning 'behind them'; Start-Sleep 600 }
                Wait-Until { $task.Streams.Warning.Count -gt 0 }
                . $Act
                $output = [Collections.Generic.List[object]]::new()
                { await $task -TimeoutSec 60 -WarningAction SilentlyContinue | ForEach-Object { $output.Add($_) } } | Should -Throw -ErrorId SessionBroken -ExpectedMessage "*$($mortal.Name)*"
                $output | Should -Be 'last words'
            } finally {
                Remove-PSSession $mortal
            }
        }
    }

    It 'leaves nothing behind' {
        $own = New-Session
        $id = Invoke-Command $own { $PID }
        $threads = (Get-AsyncLoop).Threads
        foreach ($i in 1..10) {
            # Stopped at once, and yet nothing goes on over there that would keep the next from running.
            $task = Start-AsyncTask -Session $own { Start-Sleep 600 }
            Stop-AsyncTask $task
            { await $task -TimeoutSec 60 -ErrorAction SilentlyContinue } | Should -Throw -ExceptionType OperationCanceledException
            Wait-Until { $own.Availability -eq 'Available' }
            await (Start-AsyncTask -Session $own { 1 }) -TimeoutSec 60 | Should -Be 1
        }
        (Get-AsyncLoop).Threads | Should -BeLessOrEqual $threads
        Remove-PSSession $own
        Wait-Until { -not (Get-Process -Id $id -ErrorAction Ignore) }
    }
}
