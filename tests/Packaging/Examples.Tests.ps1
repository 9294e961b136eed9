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

    # What each writes stands in the index, below its entry: errors and warnings, too.
    $index = (Get-Content "$folder/README.md" -Raw) -replace '\r'
    $shown = @{}
    foreach ($entry in [regex]::Matches($index, '(?ms)^- \[(?<name>\w+)\][^\n]+\n\n  ```(?:output|text)\n(?<output>.*?)^  ```$')) {
        $shown[$entry.Groups['name'].Value] = $entry.Groups['output'].Value.TrimEnd().Split("`n").ForEach({ $_ -replace '^  ' })
    }

    # What they get instead of their defaults.
    $with = @{
        GatherFetches = @{ Uri = $pages[0..2] }
        LimitFetches  = @{ Uri = $pages }
        PeriodicTask  = @{ Seconds = 2 }
        WorkMeanwhile = @{ Uri = $pages[0] }
    }

    # Tasks side by side, of which either may be the quicker one.
    $unordered = 'BlockingBesideAsync'
}

AfterAll {
    $server.Dispose()
}

Describe 'Example' {
    It '<Name> writes what it says' -TestCases $examples.Where({ $_.Name -ne 'DebugLogging' }) {
        $shown[$Name] | Should -Not -BeNullOrEmpty -Because 'the index shows what each writes'
        $parameters = $with[$Name] ?? @{}
        $written = @(& "$folder/$Name.ps1" @parameters 2>&1 3>&1)
        if ($Name -in $unordered) {
            $written | Sort-Object | Should -Be ($shown[$Name] | Sort-Object)
        } else {
            $written | Should -Be $shown[$Name]
        }

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
        $pattern = $shown.DebugLogging.ForEach({ [regex]::Escape($_) -replace '0\\\.\d+', '[\d.]+' -replace 'at\\ ', 'at\s.*' -replace '\\ ', '\s+' }) -join '\s+'
        $written | Should -Match $pattern
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
