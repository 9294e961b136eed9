BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    $file = "$TestDrive/Coroutines.ps1"

    # Runs a script from a file with breakpoints at some of its lines; writes what the breakpoints' action saw.
    function Get-Hit {
        param([string[]] $Line, [int[]] $At, [scriptblock] $Action)
        Set-Content $file $Line
        $global:coroutineHits = [Collections.ArrayList]::new()
        $points = foreach ($number in $At) { Set-PSBreakpoint -Script $file -Line $number -Action $Action }
        try { $null = & $file } finally { $points | Remove-PSBreakpoint }
        $global:coroutineHits
    }
}

Describe 'Breakpoints in coroutines' {
    AfterAll { Remove-Variable coroutineHits -Scope Global -ErrorAction Ignore }

    It 'are hit before and after an await, and at it, and see variables' {
        $lines = @(
            'await (Start-AsyncTask {'
            '    $n = 1'
            '    $m = $n + 1'
            '    await (Start-AsyncSleep 0.01)'
            '    $n = 10'
            '    $done = $n + $m'
            '    $done'
            '})'
        )
        Get-Hit $lines -At 3, 4, 6, 7 { $null = $global:coroutineHits.Add("n=$n m=$m done=$done") } |
            Should -Be 'n=1 m= done=', 'n=1 m=2 done=', 'n=10 m=2 done=', 'n=10 m=2 done=12'
    }

    It 'are hit where the engine would else take the step by itself' {
        $lines = @(
            'await (Start-AsyncTask {'
            '    $task = Start-AsyncSleep 0.01'
            '    await $task'
            '    1'
            '    $task'
            '})'
        )
        Get-Hit $lines -At 3, 4, 5 { $null = $global:coroutineHits.Add($null -ne $task) } | Should -Be $true, $true, $true
    }

    It 'are hit on assignments, counts and waits that it would take by itself' {
        $lines = @(
            '$semaphore = New-AsyncSemaphore 1'
            'await (Start-AsyncTask {'
            '    Enter-AsyncSemaphore $semaphore'
            '    $n = 1'
            '    $n++'
            '    Exit-AsyncSemaphore $semaphore'
            '    await (Start-AsyncSleep 0)'
            '    $n += 5'
            '})'
        )
        Get-Hit $lines -At 3, 4, 5, 6, 7, 8 { $null = $global:coroutineHits.Add("n=$n free=$($semaphore.CurrentCount)") } |
            Should -Be 'n= free=1', 'n= free=0', 'n=1 free=0', 'n=2 free=0', 'n=2 free=1', 'n=2 free=1'
    }

    It 'are hit each time round a loop, in an if, a try, a catch and a finally that suspend' {
        $lines = @(
            'await (Start-AsyncTask {'
            '    foreach ($i in 1, 2) {'
            '        $j = $i'
            '        if ($i -eq 2) {'
            '            await (Start-AsyncSleep 0.01)'
            '            $k = $j'
            '        }'
            '    }'
            '    try {'
            '        await (Start-AsyncSleep 0.01)'
            '        throw "it"'
            '    }'
            '    catch {'
            '        $k = 3'
            '        await (Start-AsyncSleep 0.01)'
            '    }'
            '    finally {'
            '        $k = 4'
            '        await (Start-AsyncSleep 0.01)'
            '    }'
            '})'
        )
        Get-Hit $lines -At 3, 6, 11, 14, 18 { $null = $global:coroutineHits.Add("$($_.Line): $i$j$k") } > $null
        foreach ($hit in '3: 1', '3: 21', '6: 22', '11: 222', '14: 222', '18: 223') { $global:coroutineHits | Should -Contain $hit }
    }

    It 'are hit in a function that the coroutine calls, and in its own function' {
        $lines = @(
            'function Add-One($Number) {'
            '    $Number + 1'
            '}'
            'await (Start-AsyncTask {'
            '    function Add-Two($Number) {'
            '        $Number + 2'
            '    }'
            '    await (Start-AsyncSleep 0.01)'
            '    Add-One (Add-Two 1)'
            '})'
        )
        Get-Hit $lines -At 2, 6 { $null = $global:coroutineHits.Add($Number) } | Should -Be 1, 3
    }

    It 'of a variable are hit, by reading and by writing' {
        Set-Content $file @(
            'await (Start-AsyncTask {'
            '    $watched = 1'
            '    await (Start-AsyncSleep 0.01)'
            '    $watched = 2'
            '    $watched'
            '})'
        )
        $global:coroutineHits = [Collections.ArrayList]::new()
        $points = @(
            Set-PSBreakpoint -Script $file -Variable watched -Mode Write -Action { $null = $global:coroutineHits.Add('write') }
            Set-PSBreakpoint -Script $file -Variable watched -Mode Read -Action { $null = $global:coroutineHits.Add('read') }
        )
        try { $output = & $file } finally { $points | Remove-PSBreakpoint }
        $output | Should -Be 2
        $global:coroutineHits | Should -Contain 'write'
        $global:coroutineHits[-1] | Should -Be 'read'
        @($global:coroutineHits -eq 'write').Count | Should -BeGreaterOrEqual 2
    }

    It 'may be set by the coroutine itself' {
        Set-Content $file @(
            'await (Start-AsyncTask {'
            '    $point = Set-PSBreakpoint -Script $PSCommandPath -Line 4 -Action { $null = $global:coroutineHits.Add("hit") }'
            '    await (Start-AsyncSleep 0.01)'
            '    1'
            '    Remove-PSBreakpoint $point'
            '    1'
            '})'
        )
        $global:coroutineHits = [Collections.ArrayList]::new()
        & $file | Should -Be 1, 1
        $global:coroutineHits | Should -Be 'hit'
    }

    It 'count for no step that holds the loop' {
        Add-Type -ErrorAction Ignore 'public static class AsyncJobsStops { public static void Attach(System.Management.Automation.Debugger debugger, int milliseconds) {
            debugger.SetDebugMode(System.Management.Automation.DebugModes.LocalScript);
            debugger.DebuggerStop += (sender, stop) => { System.Threading.Thread.Sleep(milliseconds); stop.ResumeAction = System.Management.Automation.DebuggerResumeAction.Continue; }; } }'
        Set-Content $file @(
            'param($line)'
            'await (Start-AsyncTask -OnLoop {'
            '    $n = 1'
            '    $n++'
            '    $n'
            '})'
            '(Get-AsyncLoop).SlowSteps'
        )
        $state = [initialsessionstate]::CreateDefault2()
        $state.ImportPSModule((Get-Module AsyncJobs).Path)
        $runspace = [runspacefactory]::CreateRunspace($state)
        $runspace.Open()
        try {
            [AsyncJobsStops]::Attach($runspace.Debugger, 1600)
            $shell = [powershell]::Create($runspace)
            $null = $shell.AddScript("`$null = Set-PSBreakpoint -Script '$file' -Line 4; & '$file'").Invoke() -as [array]
            $shell.Commands.Clear()
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $shell.AddScript("& '$file'").Invoke() | Should -Be 2, 0
            $clock.ElapsedMilliseconds | Should -BeGreaterThan 1500
            $shell.Streams.Warning | Should -BeNullOrEmpty
        }
        finally { $runspace.Dispose() }
    }
}
