BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/OwnProcess.psm1

    class ResultThing { [int] $Number }
}

Describe 'What a thread task hands back' {
    It 'runs in the session that calls it: <Scenario>' -TestCases @(
        @{ Scenario = 'a script block'; Block = { { $global:resultMark = "set $args" } }; Use = { & $result 1; $global:resultMark }; Expected = 'set 1' }
        @{ Scenario = 'a block in a table'; Block = { @{ Run = { $global:resultMark = "set $args" } } }; Use = { & $result.Run 1; $global:resultMark }; Expected = 'set 1' }
        @{ Scenario = 'a closure'; Block = { $own = 'own'; { $global:resultMark = "set $own" }.GetNewClosure() }; Use = { & $result; $global:resultMark }; Expected = 'set own' }
        @{ Scenario = 'a script method'; Block = { [pscustomobject]@{ A = 2 } | Add-Member -PassThru ScriptMethod Set { $global:resultMark = "set $($this.A)" } }; Use = { $result.Set(); $global:resultMark }; Expected = 'set 2' }
        @{ Scenario = 'a script property'; Block = { [pscustomobject]@{ A = 2 } | Add-Member -PassThru ScriptProperty Twice { $global:resultMark = 'read'; $this.A * 2 } }; Use = { $result.Twice; $global:resultMark }; Expected = 4, 'read' }
        @{ Scenario = 'a delegate'; Block = { [Func[object, object]] { param($x) $global:resultMark = 'called'; "got $x" } }; Use = { $result.Invoke(1); $global:resultMark }; Expected = 'got 1', 'called' }
    ) {
        $global:resultMark = $null
        try {
            $result = await (Start-AsyncTask $Block) -TimeoutSec 60
            & $Use | Should -Be $Expected
            await (Start-AsyncTask { Get-Variable resultMark -Scope Global -ValueOnly -ErrorAction Ignore }) -TimeoutSec 60 | Should -BeNullOrEmpty
            $null = $result
        } finally {
            Remove-Variable resultMark -Scope Global
        }
    }

    It 'is the caller''s own object where the caller gave it' {
        $thing = [ResultThing]@{ Number = 1 }
        $table = @{ Number = 1 }
        $results = $thing, $table | Start-AsyncTask { $_.Number = 2; $_ } | await -TimeoutSec 60
        [object]::ReferenceEquals($results[0], $thing) | Should -BeTrue
        [object]::ReferenceEquals($results[1], $table) | Should -BeTrue
        $thing.Number | Should -Be 2
    }

    It 'works when the thread is gone, classes of modules too' {
        Set-Content "$TestDrive/Reports.psm1" 'class Report { [string] $Name = "name"; [string] Title() { return "title $($this.Name)" } [string] Text() { return $this.Title() + "!" } }; function New-Report { [Report]::new() }'
        $lines = Invoke-InOwnProcess @"
            Import-Module '$TestDrive/Reports.psm1'
            `$report = Start-AsyncTask { New-Report } | Wait-AsyncTask
            `$listed = (Start-AsyncTask { , @(1, (New-Report)) } | Wait-AsyncTask)[1]
            `$object = Start-AsyncTask { [pscustomobject]@{ A = 1 } | Add-Member -PassThru ScriptMethod Twice { `$this.A * 2 } } | Wait-AsyncTask
            `$report.Text(); `$listed.Text(); `$object.Twice()
            Remove-Module AsyncJobs
            [GC]::Collect()
            `$report.Text(); `$listed.Text(); `$object.Twice()
"@
        $lines | Should -Be 'title name!', 'title name!', '2', 'title name!', 'title name!', '2'
    }

    It 'works when the thread would have gone, also what cannot be copied' {
        Set-Content "$TestDrive/Bound.psm1" 'class BoundList : Collections.Generic.List[string] { [string] Text() { return $this.Joined() + (Get-End) } [string] Joined() { return $this -join "+" } }
            class BoundException : Exception { BoundException([string] $text) : base($text) { } [string] Text() { return $this.Message + (Get-End) } }
            function Get-End { "!" }
            function New-BoundList { $list = [BoundList]::new(); $list.Add("a"); $list.Add("b"); , $list }
            function Invoke-BoundFailure { throw [BoundException]::new("e") }'
        $lines = Invoke-InOwnProcess -TimeoutSec 120 @"
            Import-Module '$TestDrive/Bound.psm1'
            `$list = Start-AsyncTask { New-BoundList } | Wait-AsyncTask
            `$table = Start-AsyncTask { @{ List = New-BoundList } } | Wait-AsyncTask
            `$object = Start-AsyncTask { New-Module { `$n = 0; function Step-Count { `$script:n++; `$script:n } } -AsCustomObject } | Wait-AsyncTask
            try { Start-AsyncTask { Invoke-BoundFailure } | Wait-AsyncTask } catch { `$failure = `$_ }
            `$null = Start-AsyncTask { Write-Error x -TargetObject (New-BoundList) } | Wait-AsyncTask -ErrorVariable written -ErrorAction SilentlyContinue
            1..4 | ForEach-Async { Start-Sleep -Milliseconds 100; Set-Variable kept `$_ -Scope Global -Option Constant }
            Start-Sleep 12
            [GC]::Collect()
            `$list.Text(), `$table.List.Text(), `$object.'Step-Count'(), `$failure.Exception.Text(), `$written[0].TargetObject.Text()
            `$list = `$table = `$object = `$failure = `$written = `$null
            `$Error.Clear()
            foreach (`$i in 1..40) { if (-not (Get-AsyncLoop).Threads) { break }; [GC]::Collect(); [GC]::WaitForPendingFinalizers(); await (Start-AsyncSleep 1) }
            "`$((Get-AsyncLoop).Threads) threads"
"@
        $lines | Should -Be 'a+b!', 'a+b!', '1', 'e!', 'a+b!', '0 threads'
    }
}
