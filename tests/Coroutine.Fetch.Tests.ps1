BeforeAll {
    Import-Module $PSScriptRoot/../output/AsyncJobs
    $server = & $PSScriptRoot/support/Start-TestServer.ps1
    function Get-ThreadCount { [Diagnostics.Process]::GetCurrentProcess().Threads.Count }
}

AfterAll {
    $server.Dispose()
}

Describe 'Fetching with a retry in a coroutine' {
    It 'gives each of <Count> pages or its failure, on few threads' -TestCases @{ Count = 300 } {
        $fetch = {
            param($url)
            foreach ($attempt in 1..2) {
                try { $page = await (Start-AsyncRestMethod $url -TimeoutSec 60); return $page.name }
                catch [TimeoutException] { await (Start-AsyncSleep ($attempt * 0.1)) }
            }
            throw "gave up on $url"
        }
        $urls = 1..$Count | ForEach-Object {
            if ($_ % 10 -eq 0) { "$($server.BaseUri)/status/404?n=$_" } elseif ($_ % 7 -eq 0) { "$($server.BaseUri)/slow?ms=300&n=$_" } else { "$($server.BaseUri)/json?n=$_" }
        }
        $null = await (Start-AsyncTask $fetch -ArgumentList $urls[0])
        $before = Get-ThreadCount
        $tasks = $urls | ForEach-Object { Start-AsyncTask $fetch -ArgumentList $_ }
        $during = Get-ThreadCount
        $pages = $tasks | Wait-AsyncGather -ReturnExceptions

        @($pages).Count | Should -Be $Count
        foreach ($i in 1..$Count) {
            if ($i % 10 -eq 0) { $pages[$i - 1] | Should -BeOfType ([Exception]) }
            elseif ($i % 7 -ne 0) { $pages[$i - 1] | Should -BeExactly 'café' }
        }
        $during - $before | Should -BeLessThan 40
        (Get-ThreadCount) - $before | Should -BeLessThan 40
    }
}
