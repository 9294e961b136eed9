# Every script under docs/examples runs and writes what it is expected to. Those that fetch something fetch it from a
# server that starts here.

BeforeDiscovery {
    $examples = Get-ChildItem $PSScriptRoot/../../docs/examples -Filter *.ps1 | ForEach-Object { @{ Name = $_.BaseName } }
}

BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    $folder = "$PSScriptRoot/../../docs/examples"
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
    $pages = 1..9 | ForEach-Object { "$($server.BaseUri)/text?page=$_" }

    # What each example gets and what it writes, errors and warnings too. Where tasks run side by side, sorted.
    $expected = @{
        BlockingBesideAsync = @{ Output = 'the blocking function is done', 'tick 1', 'tick 2', 'tick 3'; Sorted = $true }
        CatchFailure        = @{ Output = 'copying', 'caught: the disk is full', 'the task is Failed' }
        Chain               = @{ Output = 'the square of 1 is 1', 'the square of 2 is 4', 'the square of 3 is 9' }
        DoneCallback        = @{ Output = 'first is Completed: 42', 'second is Failed: the line is dead', 'third is Stopped: The task was stopped.' }
        FutureLater         = @{ Output = 'the answer is there: False', 'the answer is 42' }
        GatherExceptions    = @{ Output = 'result: 12', 'failed: nothing can be divided by 0', 'result: 3' }
        GatherFetches       = @{ With = @{ Uri = $pages }; Output = @('/text: status 200, 2 characters') * 9 }
        LimitFetches        = @{ With = @{ Uri = $pages }; Output = '9 pages through one semaphore, whose permits are all back: 3', '9 pages again' }
        LockedCounter       = @{ Output = 'counted to 10' }
        PeriodicTask        = @{ With = @{ Seconds = 2 }; Output = 'the heart has stopped after several beats: True' }
        ProducerConsumer    = @{ Output = @('a consumer ended with OperationCanceledException') * 2 + (1..6 | ForEach-Object { "item $_ is done" }) }
        SideBySide          = @{ Output = 'kettle on', 'tea is ready', 'bread in', 'toast is ready' }
        TaskGroup           = @{ Output = 'first', 'second', 'failed: the line is dead', 'the other task is Stopped' }
        TimeLimit           = @{ With = @{ Seconds = 1 }; Output = 'cleaning up', 'too slow', 'fast enough' }
        WorkMeanwhile       = @{ With = @{ Uri = $pages[0] }; Output = 'the sum is 500500', 'the page has 2 characters' }
    }
}

AfterAll {
    $server.Dispose()
}

Describe 'Example' {
    It '<Name> writes what it says' -TestCases $examples.Where({ $_.Name -ne 'DebugLogging' }) {
        $example = $expected[$Name]
        $example | Should -Not -BeNullOrEmpty -Because 'each example is checked'
        $with = $example.With ?? @{}
        $written = @(& "$folder/$Name.ps1" @with 2>&1 3>&1)
        if ($example.Sorted) { $written = $written | Sort-Object }
        $written | Should -Be $example.Output
        Get-AsyncTask | Should -Be $null -Because 'nothing is left running'
    }

    It '<Name> is in the index, with its synopsis, and its parameters have defaults' -TestCases $examples {
        $help = Get-Help "$folder/$Name.ps1"
        $entry = "- [$Name]($Name.ps1): $($help.Synopsis.Trim())"
        @(Get-Content "$folder/README.md") -contains $entry | Should -BeTrue -Because "it has the entry $entry"
        (Get-Command "$folder/$Name.ps1").Parameters.Values | Where-Object { $_.Attributes.Mandatory -eq $true } | Should -Be $null
    }

    It 'DebugLogging warns of the line' {
        # The warning comes while the loop is still held, and so from another thread, straight to the host.
        $module = Convert-Path "$PSScriptRoot/../../output/AsyncJobs"
        $written = Invoke-PowerShell -Command "Import-Module '$module'; & '$folder/DebugLogging.ps1'" | Out-String
        $written | Should -BeLike '*WARNING: *DebugLogging.ps1:12 has held the loop*done*'
    }

    It 'LimitFetches has at most three requests under way' {
        $fresh = & $PSScriptRoot/../Support/Start-TestServer.ps1
        try {
            $null = & "$folder/LimitFetches.ps1" -Uri (1..9 | ForEach-Object { "$($fresh.BaseUri)/text?page=$_" })
            $fresh.RequestCount | Should -Be 18
            $fresh.ConnectionCount | Should -BeLessOrEqual 3
        }
        finally {
            $fresh.Dispose()
        }
    }

    It 'SideBySide takes as long as one of the two' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $null = & "$folder/SideBySide.ps1" -Seconds 5
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
    }

    It 'ProducerConsumer loses and doubles no item among <Consumers> consumers' -TestCases @(
        @{ Consumers = 1 }
        @{ Consumers = 5 }
    ) {
        $written = @(& "$folder/ProducerConsumer.ps1" -Items 30 -Consumers $Consumers)
        $written | Where-Object { $_ -like 'item*' } | Sort-Object { [int]($_ -replace '\D') } | Should -Be (1..30 | ForEach-Object { "item $_ is done" })
    }
}
