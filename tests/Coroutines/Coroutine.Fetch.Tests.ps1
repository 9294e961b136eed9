BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Fetch.psm1
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
}

AfterAll {
    $server.Dispose()
}

Describe 'Fetching with retries in a coroutine for each address' {
    It 'gives each of <Count> pages, slow ones too, or its failure, on few threads' -TestCases @{ Count = 1000 } {
        # As in the help, but for shorter times: those that never answer are waited for in full.
        $fetch = {
            param($url)
            foreach ($attempt in 1..3) {
                $limit = $url -match '/hang' ? 0.5 : 60
                try { $page = await (Start-AsyncRestMethod $url -TimeoutSec $limit); return $page.title }
                catch [TimeoutException] { await (Start-AsyncSleep ($attempt * 0.1)) }
            }
            throw "gave up on $url"
        }
        $addresses = @(New-FetchAddress $server.BaseUri $Count)
        $null = Start-AsyncTask $fetch -ArgumentList $addresses[0].Uri | Wait-AsyncGather
        (Start-Watch).Dispose()

        $before = [AsyncJobs.Testing.ProcessWatch]::ThreadCount()
        $watch = Start-Watch
        try {
            $pages = @($addresses.Uri | ForEach-Object { Start-AsyncTask $fetch -ArgumentList $_ } | Wait-AsyncGather -ReturnExceptions)
        }
        finally {
            $watch.Dispose()
        }

        Get-FetchMistake $addresses $pages | Should -BeNullOrEmpty
        # The server is in this process, too.
        $watch.Threads - $before | Should -BeLessThan 40
        [AsyncJobs.Testing.ProcessWatch]::ThreadCount() - $before | Should -BeLessThan 40
    }
}
