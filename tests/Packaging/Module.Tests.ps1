BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    $manifest = "$PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1"
    Import-Module $manifest
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'The module' {
    It 'exports exactly what its manifest lists' {
        $listed = Import-PowerShellDataFile $manifest
        (Get-Command -Module AsyncJobs -CommandType Cmdlet).Name | Sort-Object | Should -Be ($listed.CmdletsToExport | Sort-Object)
        (Get-Alias | Where-Object Source -EQ AsyncJobs).Name | Sort-Object | Should -Be ($listed.AliasesToExport | Sort-Object)
    }

    It 'uses approved verbs only' {
        $approved = (Get-Verb).Verb
        (Get-Command -Module AsyncJobs -CommandType Cmdlet).Verb | Should -BeIn $approved
    }

    It 'tells output types of every cmdlet' {
        foreach ($command in Get-Command -Module AsyncJobs -CommandType Cmdlet) {
            $command.OutputType.Count | Should -BeGreaterThan 0 -Because $command.Name
        }
    }
}

Describe 'Get-AsyncLoop' {
    It 'counts what is under way' {
        $session = New-TestSession
        try {
            $loop = Invoke-InSession $session '$tasks = 60, 60, 60 | Start-AsyncSleep -ThrottleLimit 2; Get-AsyncLoop'
            $loop.PendingTasks | Should -Be 3
            $loop.RunningTasks | Should -Be 2
            $loop.IsRunning | Should -BeFalse
            $loop.Uptime | Should -BeGreaterThan ([timespan]::Zero)
            $loop.ThreadLimit | Should -BeGreaterThan 0
            $loop.Threads, $loop.IdleThreads, $loop.AbandonedThreads | Should -Be 0, 0, 0
        }
        finally {
            Remove-TestSession $session
        }
    }

    It 'is one loop for each session' {
        $session = New-TestSession
        $task = Start-AsyncSleep 60
        try {
            (Invoke-InSession $session 'Get-AsyncLoop').PendingTasks | Should -Be 0
        }
        finally {
            Stop-AsyncTask $task
            Remove-TestSession $session
        }
    }
}

Describe 'Failures that nobody looked at' {
    BeforeAll {
        # Runs a line as if it were typed; writes its warnings.
        function Invoke-CommandLine($Shell, $Line) {
            $Shell.Commands.Clear()
            $Shell.Streams.ClearStreams()
            $null = $Shell.AddScript($Line).Invoke($null, [Management.Automation.PSInvocationSettings]@{ AddToHistory = $true })
            @($Shell.Streams.Warning.Message)
        }
    }

    It 'are reported once, with name and line, by a waiting cmdlet of a later command line' {
        $session = New-TestSession
        try {
            $shell = [powershell]::Create($session)
            Invoke-CommandLine $shell '$lost = Start-AsyncTask { throw "lost" } -Name loser; $seen = Start-AsyncTask { throw "seen" }; try { await $seen } catch { }; Wait-Until { $lost.IsCompleted }' | Should -Be $null
            $warnings = @(Invoke-CommandLine $shell 'await (Start-AsyncSleep 0)')
            $warnings.Count | Should -Be 1
            $warnings[0] | Should -BeLike "*'loser'*started at line 1*lost*"
            Invoke-CommandLine $shell 'await (Start-AsyncSleep 0)' | Should -Be $null
        }
        finally {
            $shell.Dispose()
            Remove-TestSession $session
        }
    }

    It 'are reported for a future of one''s own, unless its failure was looked at or it was given up' {
        $session = New-TestSession
        try {
            $shell = [powershell]::Create($session)
            Invoke-CommandLine $shell '$lost = New-Future lost; $seen = New-Future; $given = New-Future; $lost, $seen, $given | Complete-Future -Exception "gone"; $seen.Exception; $given.Cancel()' | Should -Be $null
            $warnings = @(Invoke-CommandLine $shell 'await (Start-AsyncSleep 0)')
            $warnings.Count | Should -Be 1
            $warnings[0] | Should -BeLike "Future 'lost' failed*gone*"
            Invoke-CommandLine $shell 'await (Start-AsyncSleep 0)' | Should -Be $null
        }
        finally {
            $shell.Dispose()
            Remove-TestSession $session
        }
    }

    It 'are reported when the session ends' {
        $script = "Import-Module '$manifest'; `$lost = Start-AsyncTask { throw 'lost' } -Name loser; `$null = [Threading.SpinWait]::SpinUntil({ `$lost.IsCompleted }, 60000)"
        $output = Invoke-PowerShell -Command $script 2>&1 3>&1 | Out-String
        $output | Should -BeLike "*'loser'*lost*"
        ([regex]::Matches($output, 'nobody looked at it')).Count | Should -Be 1
    }
}

Describe 'Leaving' {
    It 'is not held up by a block that cannot be stopped' {
        $script = "Import-Module '$manifest'; `$begun = [Threading.ManualResetEventSlim]::new(); `$t = Start-AsyncTask { `$begun.Set(); [Threading.Thread]::Sleep(120000) }; `$null = `$begun.Wait(60000); 'leaving'"
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Invoke-PowerShell -Command $script | Should -Be 'leaving'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 60
    }
}
