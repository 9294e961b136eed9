BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    $trusted = "$TestDrive/Trusted.psm1"
    Set-Content $trusted @'
function Start-ForCaller($Block) { Start-AsyncTask $Block -OnLoop }
function Wait-ForCaller($Block) { await (Start-AsyncTask $Block -OnLoop) }
function Wait-InModule($Task) { await $Task }
function Get-OwnBlock { { await (Start-AsyncSleep 0.01); [System.IO.File]::Exists('/nowhere') } }
function Get-Mode { "$($ExecutionContext.SessionState.LanguageMode)" }
function Start-Own { Start-AsyncTask (Get-OwnBlock) }
'@

    # A session whose own script is constrained, and a module in it whose script is not.
    function New-ConstrainedSession {
        $state = [initialsessionstate]::CreateDefault2()
        $state.ImportPSModule([string[]]((Resolve-Path "$PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1").Path, $trusted))
        $state.LanguageMode = 'ConstrainedLanguage'
        $runspace = [runspacefactory]::CreateRunspace($state)
        $runspace.Open()
        $runspace
    }

    # A session that script has constrained; a module was there before.
    function New-NarrowedSession {
        $state = [initialsessionstate]::CreateDefault2()
        $state.ImportPSModule([string[]]((Resolve-Path "$PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1").Path, $trusted))
        $runspace = [runspacefactory]::CreateRunspace($state)
        $runspace.Open()
        Invoke-InSession $runspace '$ExecutionContext.SessionState.LanguageMode = "ConstrainedLanguage"'
        $runspace
    }

    # What a script writes, and the ids of its errors.
    function Get-Trace([runspace] $Session, [string] $Script) {
        $powershell = [powershell]::Create($Session).AddScript($Script)
        try {
            $running = $powershell.BeginInvoke()
            if (-not $running.AsyncWaitHandle.WaitOne(30000)) { throw "The script did not end: $Script" }
            $thrown = $null
            $output = try { $powershell.EndInvoke($running) } catch { $thrown = $_.Exception.InnerException.ErrorRecord }
            @($output | ForEach-Object { "$_" }) + @(@($powershell.Streams.Error) + $thrown | Where-Object { $_ } | ForEach-Object FullyQualifiedErrorId)
        }
        finally {
            $powershell.Dispose()
        }
    }
}

Describe 'Coroutines of a constrained session' {
    BeforeAll { $session = New-ConstrainedSession }
    AfterAll { Remove-TestSession $session }

    It 'is one' {
        Get-Trace $session '$ExecutionContext.SessionState.LanguageMode; Get-Mode' | Should -Be 'ConstrainedLanguage', 'FullLanguage'
    }

    It 'may do no more than plain script: <_>' -TestCases @(
        '[System.IO.File]::Exists("/nowhere"); await (Start-AsyncSleep 0.01)'
        'await (Start-AsyncSleep 0.01); [System.IO.File]::Exists("/nowhere")'
        'await (Start-AsyncSleep 0.01); Add-Type "public class AsyncJobsConstrained { }"'
        'await (Start-AsyncSleep 0.01); New-Object System.IO.MemoryStream'
        'await (Start-AsyncSleep 0.01); (Get-Item $PSHOME).GetFiles()'
        'await (Start-AsyncSleep 0.01); [System.IO.FileInfo] "x"'
        'await (Start-AsyncSleep 0.01); $ExecutionContext.SessionState.LanguageMode = "FullLanguage"; [System.IO.File]::Exists("/nowhere")'
        'function Test-It { [System.IO.File]::Exists("/nowhere") } await (Start-AsyncSleep 0.01); Test-It'
        'function Test-It { await (Start-AsyncSleep 0.01); [System.IO.File]::Exists("/nowhere") } await (Start-AsyncSleep 0.01); Test-It'
        'await (Start-AsyncSleep 0.01); 1 | ForEach-Object { [System.IO.File]::Exists("/nowhere") }'
        'await (Start-AsyncSleep 0.01); & { [System.IO.File]::Exists("/nowhere") }'
        '1..2 | ForEach-Object { await (Start-AsyncSleep 0.01); [System.IO.File]::Exists("/nowhere"); $x = $_ }; $x'
        '1 | ForEach-Object { $_ } | ForEach-Object { await (Start-AsyncSleep 0.01); $ExecutionContext.SessionState.LanguageMode; [System.IO.File]::Exists("/nowhere") } | Sort-Object'
        '$limit = New-AsyncSemaphore 1; Use-AsyncSemaphore $limit { await (Start-AsyncSleep 0.01); [System.IO.File]::Exists("/nowhere") }'
        'if (await (Start-AsyncSleep 0.01 -Result 1)) { [System.IO.File]::Exists("/nowhere") }'
        'foreach ($i in 1, 2) { await (Start-AsyncSleep 0.01); [System.IO.File]::Exists("/nowhere") }'
        'try { await (Start-AsyncSleep 0.01); [System.IO.File]::Exists("/nowhere") } catch { "caught"; [System.IO.File]::Exists("/nowhere") } finally { await (Start-AsyncSleep 0.01); [System.IO.File]::Exists("/nowhere") }'
        'await (Start-AsyncSleep 0.01); "$([System.IO.File]::Exists("/nowhere"))"'
        'await (Start-AsyncSleep 0.01); $ExecutionContext.SessionState.LanguageMode'
    ) {
        # What leaves the body of a cmdlet leaves the cmdlet; in a coroutine there is none.
        $plain = @(Get-Trace $session "try { & { $_ } } catch { throw }") -replace ',AsyncJobs\.Use\w+Command$'
        Get-Trace $session "await (Start-AsyncTask { $_ })" | Should -Be $plain
        $plain | Should -Not -Contain 'False'
    }

    It 'binds parameters with no more rights: <_>' -TestCases 'param([System.IO.FileInfo] $p = "x") await (Start-AsyncSleep 0.01); $p', 'param($p = [System.IO.File]::Exists("/nowhere")) await (Start-AsyncSleep 0.01); $p' {
        $trace = Get-Trace $session "await (Start-AsyncTask { $_ })"
        "$trace" | Should -Match 'ParameterArgumentTransformationError|MethodInvocationNotSupportedInConstrainedLanguage'
        $trace | Should -Not -Contain 'False'
        $trace | Should -Not -Contain 'x'
    }

    It 'stays constrained when unconstrained script <What>' -TestCases @(
        @{ What = 'starts it'; Script = 'await (Start-ForCaller $block)' }
        @{ What = 'starts it and awaits it'; Script = 'Wait-ForCaller $block' }
        @{ What = 'awaits it'; Script = 'Wait-InModule (Start-AsyncTask $block)' }
        @{ What = 'defines what it is a closure over'; Script = 'await (Start-ForCaller ($block.GetNewClosure()))' }
    ) {
        foreach ($text in 'await (Start-AsyncSleep 0.01); [System.IO.File]::Exists("/nowhere")', '[System.IO.File]::Exists("/nowhere"); await (Start-AsyncSleep 0.01); $x = [System.IO.File]::Exists("/nowhere"); $x') {
            $trace = Get-Trace $session "`$block = { $text }; $Script"
            $trace | Should -Not -Contain 'False'
            $trace | Should -Not -Contain 'True'
        }
    }

    It 'leaves its rights to a block of unconstrained script' {
        Get-Trace $session 'await (Start-Own)' | Should -Be 'False'
        Get-Trace $session 'await (Start-AsyncTask (Get-OwnBlock))' | Should -Be 'False'
        Get-Trace $session '$ExecutionContext.SessionState.LanguageMode' | Should -Be 'ConstrainedLanguage'
    }

    It 'runs a block on a thread with no more rights' {
        Get-Trace $session 'await (Start-AsyncTask { [System.IO.File]::Exists("/nowhere") } -OnThread)' | Should -Not -Contain 'False'
    }
}

Describe 'Coroutines of a session that script has constrained' {
    BeforeAll { $session = New-NarrowedSession }
    AfterAll { Remove-TestSession $session }

    It 'may do no more than plain script' {
        $script = 'await (Start-AsyncSleep 0.01); [System.IO.File]::Exists("/nowhere")'
        Get-Trace $session "await (Start-AsyncTask { $script })" | Should -Be (Get-Trace $session "& { $script }")
        Get-Trace $session "await (Start-ForCaller { $script })" | Should -Not -Contain 'False'
        Get-Trace $session 'await (Start-Own)' | Should -Be 'False'
    }
}

Describe 'A constrained session that comes first in its process' {
    It 'leaves the sessions after it as they are' {
        $module = Convert-Path "$PSScriptRoot/../../output/AsyncJobs"
        # What the module keeps for all sessions is made by the first of them.
        Invoke-PowerShell -Command "Import-Module '$module'
            `$state = [initialsessionstate]::CreateDefault2()
            `$state.ImportPSModule('$module')
            `$state.LanguageMode = 'ConstrainedLanguage'
            `$first = [runspacefactory]::CreateRunspace(`$state)
            `$first.Open()
            [powershell]::Create(`$first).AddScript('await (Start-AsyncTask { await (Start-AsyncSleep 0.01); 1 })').Invoke()
            & { function Get-Two { await (Start-AsyncSleep 0.01); 2 }; 1..3 | Start-AsyncTask { await (Start-AsyncSleep 0.01); Get-Two } | Wait-AsyncGather }" |
            Should -Be 1, 2, 2, 2
    }
}
