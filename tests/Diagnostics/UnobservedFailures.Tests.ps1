# When a failed task that nobody looked at is reported; what is told at the end of a session is in Module.Tests.ps1.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1

    # The warnings of a script at the place where it calls seen, and all of them.
    function Get-Warning([string] $Script) {
        $shell = [powershell]::Create((New-TestSession))
        try {
            $shell.Runspace.SessionStateProxy.SetVariable('shell', $shell)
            $null = $shell.AddScript("function seen { `$global:then = @(`$shell.Streams.Warning.Message) }`n$Script").Invoke()
            [pscustomobject]@{ Then = @($shell.Runspace.SessionStateProxy.GetVariable('then')); All = @($shell.Streams.Warning.Message); Errors = @($shell.Streams.Error) }
        }
        finally {
            $shell.Runspace.Dispose()
            $shell.Dispose()
        }
    }
}

Describe 'A failed task that nobody looked at' {
    It 'is reported when the loop next turns, if it was thrown away: <Start>' -TestCases @(
        @{ Start = '$null = async { throw "gone" }' }
        @{ Start = '$null = async -OnLoop { await (Start-AsyncSleep 0.01); throw "gone" }' }
        @{ Start = 'async { throw "gone" } | Out-Null' }
        @{ Start = "async {`n throw 'gone'`n} | Out-Null" }
        @{ Start = '[void](async { throw "gone" })' }
        @{ Start = 'Start-AsyncTask { throw "gone" } > $null' }
        @{ Start = 'Start-AsyncTask -Name worker { throw "gone" } | Out-Null' }
        @{ Start = '1 | async { throw "gone" } | Out-Null' }
        @{ Start = '$NULL = 1 | async { throw "gone" }' }
        @{ Start = 'function Start-It { $null = async { throw "gone" } }; Start-It' }
        @{ Start = 'foreach ($i in 1) { if ($i) { $null = async { throw "gone" } } }' }
        @{ Start = '$null = Start-AsyncFileRead "/no/such/file/gone"' }
        @{ Start = 'await (async { $null = async { throw "gone" }; await (Start-AsyncSleep 0) })' }
        @{ Start = 'await (async -OnThread { $null = async { throw "gone" }; await (Start-AsyncSleep 0.3) })' }
    ) {
        $seen = Get-Warning "$Start; for (`$i = 0; `$i -lt 200 -and -not `$then; `$i++) { await (Start-AsyncSleep 0.05); if (`$shell.Streams.Warning.Count) { seen } }"
        $seen.Then.Count | Should -Be 1
        $seen.Then[0] | Should -BeLike '*failed and nobody looked at it:*gone*'
        $seen.All.Count | Should -Be 1
    }

    It 'goes to -OnUnhandledError then' {
        $session = New-TestSession
        try {
            Invoke-InSession $session '$global:got = @(); Set-AsyncLoop -OnUnhandledError { $global:got += "$($_.Exception.Message) $($_.Task.Name)" }; $null = async -Name lost { throw "gone" }; for ($i = 0; $i -lt 200 -and -not $got; $i++) { await (Start-AsyncSleep 0.05) }; $got' |
                Should -Be 'gone lost'
        }
        finally { Remove-TestSession $session }
    }

    It 'is not reported while the script may still look at it: <Name>' -TestCases @(
        @{ Name = 'a variable'; Script = '$t = async { throw "held" }; await (Start-AsyncSleep 0.3); seen; try { await $t } catch { }' }
        @{ Name = 'a list, one after the other'; Script = '$all = 1..4 | async { throw "held" }; foreach ($t in $all) { await (Start-AsyncSleep 0.1); seen; try { await $t } catch { } }' }
        @{ Name = 'a list that it was added to'; Script = '$all = [Collections.ArrayList]::new(); $null = $all.Add((async { throw "held" })); await (Start-AsyncSleep 0.3); seen; try { await $all[0] } catch { }' }
        @{ Name = 'a table'; Script = '$h = @{ null = async { throw "held" } }; await (Start-AsyncSleep 0.3); seen; try { await $h.null } catch { }' }
        @{ Name = 'an -OutVariable'; Script = '$null = async { throw "held" } -OutVariable kept; await (Start-AsyncSleep 0.3); seen; try { await $kept[0] } catch { }' }
        @{ Name = 'a function''s output'; Script = 'function Start-It { async { throw "held" } }; $t = Start-It; await (Start-AsyncSleep 0.3); seen; try { await $t } catch { }' }
        @{ Name = 'in a coroutine'; Script = 'await (async { $t = async { throw "held" }; $null = await (Start-AsyncSleep 0.3); seen; try { await $t } catch { } })' }
        @{ Name = 'awaited where its output is thrown away'; Script = '$null = async { Start-Sleep -Milliseconds 200; throw "held" } | Wait-AsyncTask -ErrorAction SilentlyContinue -PassThru; seen' }
        @{ Name = 'a gather'; Script = '$all = (async { throw "held" }), (Start-AsyncSleep 0.3); $null = $all | Wait-AsyncGather -ReturnExceptions; seen' }
        @{ Name = 'a group'; Script = 'try { Invoke-AsyncTaskGroup { $null = async { throw "held" }; await (Start-AsyncSleep 0.3) } } catch { seen }' }
        @{ Name = 'a job'; Script = '$null = async -AsJob { throw "held" }; await (Start-AsyncSleep 0.3); seen; Get-Job | Remove-Job -Force' }
    ) {
        $seen = Get-Warning $Script
        $seen.Then | Should -BeNullOrEmpty
        $seen.All | Should -BeNullOrEmpty
    }

    It 'is not reported by the cmdlet of a later command line that looks at it, but what else there is: <Line>' -TestCases @(
        @{ Line = 'await $t' }
        @{ Line = '$t | Wait-AsyncTask' }
        @{ Line = 'Wait-AsyncTask -Name held' }
        @{ Line = '$t | Wait-AsyncGather' }
        @{ Line = '$t | Wait-AsyncGather -ReturnExceptions' }
        @{ Line = '$t | Receive-AsyncTask' }
        @{ Line = 'Invoke-WithTimeout 5 -Task $t' }
    ) {
        $shell = [powershell]::Create((New-TestSession))
        try {
            foreach ($text in 'Start-AsyncSleep 0', '$t = async -Name held { throw "held" }; $u = async -Name other { throw "other" }; while (-not ($t.IsCompleted -and $u.IsCompleted)) { Start-Sleep -Milliseconds 20 }', $Line, 'await (Start-AsyncSleep 0)') {
                $shell.Commands.Clear()
                try {
                    $null = $shell.AddScript($text).Invoke($null, [Management.Automation.PSInvocationSettings] @{ AddToHistory = $true })
                } catch {
                    $_.Exception.InnerException.Message | Should -Be held
                }
            }

            @($shell.Streams.Warning.Message).Count | Should -Be 1
            $shell.Streams.Warning.Message | Should -BeLike '*other*nobody looked at it*'
        }
        finally {
            $shell.Runspace.Dispose()
            $shell.Dispose()
        }
    }
}
