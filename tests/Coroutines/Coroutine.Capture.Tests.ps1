BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
}

Describe 'A coroutine takes along from its caller' {
    It 'its $_: <Scenario>' -TestCases @(
        @{ Scenario = 'of ForEach-Object'; Start = { 'q', 'r' | ForEach-Object { Start-AsyncTask { await (Start-AsyncSleep 0); "<$_$using:_>" } } }; Expected = '<qq>', '<rr>' }
        @{ Scenario = 'of ForEach-Object, on the loop'; Start = { 'q' | ForEach-Object { Start-AsyncTask -OnLoop { "<$PSItem>" } } }; Expected = '<q>' }
        @{ Scenario = 'of catch'; Start = { try { throw 'oops' } catch { Start-AsyncTask { await (Start-AsyncSleep 0); "<$_>" } } }; Expected = '<oops>' }
        @{ Scenario = 'of switch'; Start = { switch (5) { 5 { Start-AsyncTask { await (Start-AsyncSleep 0); "<$_>" } } } }; Expected = '<5>' }
        @{ Scenario = 'of the coroutine that starts it'; Start = { 'q' | Start-AsyncTask { await (Start-AsyncTask { await (Start-AsyncSleep 0); "<$_>" }) } }; Expected = '<q>' }
        @{ Scenario = 'but its own input, which may be null'; Start = { 'q' | ForEach-Object { , $null | Start-AsyncTask { await (Start-AsyncSleep 0); "<$_>" } } }; Expected = '<>' }
    ) {
        await @(& $Start) -TimeoutSec 60 | Should -Be $Expected
    }

    It 'its $_ in Invoke-WithTimeout' {
        'q' | ForEach-Object { Invoke-WithTimeout -TimeoutSec 60 { await (Start-AsyncSleep 0); "<$_>" } } | Should -Be '<q>'
    }
}
