<#
What PowerShell's tests of ForEach-Object -Parallel and of thread jobs ask for and no other file here does; powershell/*.md say
which case is where.
#>
BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Invoke-AsyncForEach as ForEach-Object -Parallel' {
    Context '$using:' {
        It 'means the variables of the block around, at every level' {
            $word = 'outer'
            $written = 1..2 | Invoke-AsyncForEach {
                $using:word
                $word = 'middle'
                1..2 | Invoke-AsyncForEach {
                    $using:word
                    $word = 'inner'
                    1..2 | Invoke-AsyncForEach { $using:word }
                }
            }
            $counts = $written | Group-Object -AsHashTable
            $counts['outer'].Count, $counts['middle'].Count, $counts['inner'].Count | Should -Be 2, 4, 8
        }

        It 'may be of other variables at each level' {
            $first = 'one'
            $written = 1..2 | Invoke-AsyncForEach { $using:first; $second = 'two'; 1..2 | Invoke-AsyncForEach { $using:second } }
            $written | Should -Be 'one', 'two', 'two', 'one', 'two', 'two'
        }

        It 'reaches a script block called inside the block' {
            $word = 'deep'
            1 | Invoke-AsyncForEach { & { $using:word } } | Should -Be 'deep'
        }

        It 'works in blocks <How>' -ForEach @(
            @{ How = 'from a variable'; Block = { $using:list[1]; $inner = { $using:word }; $word = 'inner'; 1 | Invoke-AsyncForEach $inner } }
            @{ How = 'made of text'; Block = [scriptblock]::Create('$using:list[1]; $inner = [scriptblock]::Create("`$using:word"); $word = "inner"; 1 | Invoke-AsyncForEach $inner') }
        ) {
            $list = 'a', 'b'
            1 | Invoke-AsyncForEach $Block | Should -Be 'b', 'inner'
        }
    }

    Context 'streams' {
        It 'writes <Stream> as its own' -ForEach @(
            @{ Stream = 'errors'; Run = { 1 | Invoke-AsyncForEach { Write-Error "r$_" } 2>&1 }; Type = 'ErrorRecord' }
            @{ Stream = 'warnings'; Run = { 1 | Invoke-AsyncForEach { Write-Warning "r$_" } 3>&1 }; Type = 'WarningRecord' }
            @{ Stream = 'verbose messages'; Run = { 1 | Invoke-AsyncForEach -Verbose { Write-Verbose "r$_" -Verbose } 4>&1 | Where-Object { "$_" -eq 'r1' } }; Type = 'VerboseRecord' }
            @{ Stream = 'debug messages'; Run = { 1 | Invoke-AsyncForEach -Debug { Write-Debug "r$_" -Debug } 5>&1 | Where-Object { "$_" -eq 'r1' } }; Type = 'DebugRecord' }
            @{ Stream = 'information'; Run = { 1 | Invoke-AsyncForEach { Write-Information "r$_" } 6>&1 }; Type = 'InformationRecord' }
            @{ Stream = 'what Write-Host writes'; Run = { 1 | Invoke-AsyncForEach { Write-Host "r$_" } 6>&1 }; Type = 'InformationRecord' }
        ) {
            $records = @(. $Run)
            $records.Count | Should -Be 1
            "$($records[0])" | Should -Be 'r1'
            $records[0].GetType().Name | Should -Be $Type
        }

        It 'writes progress as its own' {
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript("Import-Module '$PSScriptRoot/../../output/AsyncJobs'; `$ProgressPreference = 'Continue'; 1..2 | Invoke-AsyncForEach { Write-Progress -Activity counting -Status under_way }").Invoke()
                $shell.Streams.Progress.Where({ $_.Activity -eq 'counting' -and $_.StatusDescription -eq 'under_way' -and $_.RecordType -eq 'Processing' }).Count | Should -Be 2
            } finally {
                $shell.Dispose()
            }
        }

        It 'fills -<Parameter>' -ForEach @(
            @{ Parameter = 'ErrorVariable'; Block = { Write-Error "r$_" } }
            @{ Parameter = 'WarningVariable'; Block = { Write-Warning "r$_" } }
            @{ Parameter = 'InformationVariable'; Block = { Write-Information "r$_" } }
            @{ Parameter = 'OutVariable'; Block = { "r$_" } }
        ) {
            $common = @{ $Parameter = 'filled' }
            1 | Invoke-AsyncForEach $Block @common *> $null
            "$($filled[0])" | Should -Be 'r1'
        }

        It 'obeys -WarningAction, -InformationAction and -PipelineVariable, which -Parallel refuses' {
            1 | Invoke-AsyncForEach { Write-Warning w; 'output' } -WarningAction SilentlyContinue 3>&1 | Should -Be 'output'
            1 | Invoke-AsyncForEach { Write-Information i; 'output' } -InformationAction Ignore 6>&1 | Should -Be 'output'
            1, 2 | Invoke-AsyncForEach { $_ * 10 } -PipelineVariable product | ForEach-Object { $product } | Should -Be 10, 20
        }

        It 'writes only the error of an item that threw, and the output of the others' {
            $written = 1, 2 | Invoke-AsyncForEach { if ($_ -eq 1) { throw 'one'; 'never' } else { 'two' } } 2>&1
            @($written | ForEach-Object { "$_" } | Sort-Object) | Should -Be 'one', 'two'
        }
    }

    Context 'surroundings' {
        It 'takes a script block as input' {
            { 'hello' }, { 'there' } | Invoke-AsyncForEach { & $_ } | Should -Be 'hello', 'there'
        }

        It 'runs blocks in full language' {
            1 | Invoke-AsyncForEach { "$($ExecutionContext.SessionState.LanguageMode)" } | Should -Be FullLanguage
        }

        It 'runs in the caller''s location where <What>' -ForEach @(
            @{ What = 'its name has wildcards'; Name = 'a[b]c' }
            @{ What = 'its name is half a wildcard'; Name = '[' }
        ) {
            $folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-$PID") -Force).FullName
            $null = [IO.Directory]::CreateDirectory("$folder/$Name")
            Push-Location -LiteralPath "$folder/$Name"
            try {
                1 | Invoke-AsyncForEach { $PWD.ProviderPath } | Should -Be $PWD.ProviderPath
            } finally {
                Pop-Location
                Remove-Item -LiteralPath $folder -Recurse -Force
            }
        }

        It 'runs in a location on a drive that the caller alone has' {
            $null = New-PSDrive -Name Own -PSProvider FileSystem -Root $TestDrive
            Push-Location Own:
            try {
                { 1 | Invoke-AsyncForEach { $_ } -ErrorAction Stop } | Should -Not -Throw
                1 | Invoke-AsyncForEach { $_ } | Should -Be 1
            } finally {
                Pop-Location
                Remove-PSDrive Own
            }
        }

        It 'makes no more threads than -ThrottleLimit' {
            $session = New-TestSession
            try {
                Invoke-InSession $session '1..8 | Invoke-AsyncForEach -ThrottleLimit 2 { Start-Sleep -Milliseconds 20 }; (Get-AsyncLoop).Threads' | Should -BeLessOrEqual 2
            } finally {
                Remove-TestSession $session
            }
        }
    }
}

Describe 'Start-AsyncTask -AsJob as Start-ThreadJob' {
    AfterEach {
        Remove-EveryJob
    }

    It 'sees values of $using:, whole and in part, of any scope' {
        $text = 'hello'
        $number = 105
        $list = 'one', 'two', 'three'
        $global:asyncJobsTest = 'global'
        $block = { $using:text; $using:number; , $using:list; $using:list[1]; ($using:list)[2]; $using:asyncJobsTest }
        try {
            foreach ($job in (Start-AsyncTask -AsJob $block), (1 | Start-AsyncTask -AsJob $block)) {
                $written = Receive-Job $job -Wait
                $written[0, 1] | Should -Be 'hello', 105
                $written[2] | Should -Be $list
                $written[3, 4, 5] | Should -Be 'two', 'three', 'global'
            }
        } finally {
            Remove-Variable asyncJobsTest -Scope Global
        }
    }

    It 'runs a script with <What>' -ForEach @(
        @{ What = 'arguments'; Text = 'param($a, $b) $b; $a'; Parameters = @{ ArgumentList = 1, 2 }; Expected = 2, 1 }
        @{ What = 'variables of its caller'; Text = '"$using:word and $word"'; Parameters = @{}; Expected = 'mine and mine' }
        @{ What = 'an initialization script'; Text = 'Get-Greeting'; Parameters = @{ InitializationScript = { function Get-Greeting { 'hello' } } }; Expected = 'hello' }
    ) {
        $word = 'mine'
        Set-Content "$TestDrive/job.ps1" $Text
        $job = Start-AsyncTask -AsJob -FilePath "$TestDrive/job.ps1" @Parameters
        Receive-Job $job -Wait | Should -Be $Expected
        $job.Command | Should -Be "$TestDrive/job.ps1"
    }

    It 'obeys the preferences that the block sets' {
        $job = Start-AsyncTask -AsJob { $VerbosePreference = 'Continue'; Write-Verbose verbose; $DebugPreference = 'Continue'; Write-Debug debug; Write-Host host }
        $null = Wait-Job $job -Timeout 60
        "$($job.Verbose)", "$($job.Debug)", "$($job.Information)" | Should -Be 'verbose', 'debug', 'host'
    }

    It 'has the command in the job and in its children' {
        $job = 1 | Start-AsyncTask -AsJob {'hello'}
        $job.Command | Should -Be "'hello'"
        $job.ChildJobs[0].Command | Should -Be "'hello'"
    }

    It 'runs in the current location' {
        Start-AsyncTask -AsJob { $PWD.Path } | Receive-Job -Wait | Should -Be $PWD.Path
    }

    It 'lets children wait, NotStarted, until the throttle lets them run' {
        $job = 1..4 | Start-AsyncTask -AsJob -ThrottleLimit 2 { Start-Sleep 600 }
        Wait-Until { $job.ChildJobs[1].State -eq 'Running' -and $job.ChildJobs[0].State -eq 'Running' }
        $job.State | Should -Be Running
        $job.ChildJobs.State | Should -Be Running, Running, NotStarted, NotStarted
        Stop-Job $job.ChildJobs[0]
        Wait-Until { $job.ChildJobs[2].State -eq 'Running' }
    }

    It 'has the states and the error of its children' {
        $job = 1..2 | Start-AsyncTask -AsJob { if ($_ -eq 1) { throw 'first'; 'never' } else { 'second' } }
        $null = Wait-Job $job -Timeout 60
        Receive-Job $job 2> $null | Should -Be 'second'
        $job.State | Should -Be Failed
        $job.ChildJobs[0].JobStateInfo.State | Should -Be Failed
        $job.ChildJobs[0].JobStateInfo.Reason.Message | Should -Be 'first'
        $job.ChildJobs[1].JobStateInfo.State | Should -Be Completed
    }

    It 'stops by <Method>' -ForEach @(
        @{ Method = 'StopJob'; Act = { $job.StopJob($true, 'enough'); $job.State | Should -Be Stopped } }
        @{ Method = 'StopJobAsync'; Act = { $job.StopJobAsync($true, 'enough') } }
    ) {
        $job = Start-AsyncTask -AsJob { Start-Sleep 600 }
        Wait-Until { $job.State -eq 'Running' }
        . $Act
        $null = Wait-Job $job -Timeout 60
        $job.State | Should -Be Stopped
        $job.Task.Exception.Message | Should -BeLike '*enough*'
    }

    It 'gives its runspaces back' {
        $session = New-TestSession
        try {
            Invoke-InSession $session -TimeoutSec 90 {
                $null = Start-AsyncTask { 1 } | Wait-AsyncTask
                $before = @(Get-Runspace).Count
                $jobs = 1..4 | Start-AsyncTask -AsJob { Start-Sleep 600 }
                Wait-Until { @($jobs.ChildJobs.State -eq 'Running').Count -eq 4 }
                Remove-Job $jobs -Force
                # Idle ones go after ten seconds.
                Wait-Until { @(Get-Runspace).Count -le $before } -TimeoutSec 60
            }
        } finally {
            Remove-TestSession $session
        }
    }
}
