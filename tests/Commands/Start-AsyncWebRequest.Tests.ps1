BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
}

AfterAll {
    $server.Dispose()
}

Describe 'Start-AsyncWebRequest' {
    Context 'the answer' {
        It 'has status, headers, content and where it came from' {
            $response = Start-AsyncWebRequest "$($server.BaseUri)/redirect/json" | Wait-AsyncTask
            $response | Should -BeOfType Microsoft.PowerShell.Commands.BasicHtmlWebResponseObject
            $response.StatusCode | Should -Be 200
            $response.StatusDescription | Should -Be OK
            $response.Headers['content-type'] | Should -Be application/json
            $response.Headers.'Content-Type' | Should -Be application/json
            ($response.Content | ConvertFrom-Json).name | Should -Be 'café'
            $response.RawContentLength | Should -Be $response.Bytes.Length
            $response.RawContentStream.Length | Should -Be $response.Bytes.Length
            $response.RequestUri.AbsolutePath | Should -Be /json
            "$($response.HttpVersion)" | Should -Be '1.1'
            $response.Attempts | Should -Be 1
        }

        It 'has a body that was compressed or came in chunks' {
            $responses = 'gzip', 'chunked' | ForEach-Object { "$($server.BaseUri)/$_" } | Start-AsyncWebRequest | Wait-AsyncGather
            $responses.Content | Should -Be 'compressed', 'first second'
        }

        It 'is given for a HEAD without a body' {
            $response = Start-AsyncWebRequest "$($server.BaseUri)/bytes/0" -Method Head | Wait-AsyncTask
            $response.StatusCode | Should -Be 200
            $response.Content | Should -BeExactly ''
        }

        It 'is given for an error status with -SkipHttpErrorCheck' {
            $response = Start-AsyncWebRequest "$($server.BaseUri)/status/503" -SkipHttpErrorCheck | Wait-AsyncTask
            $response.StatusCode | Should -Be 503
            $response.Content | Should -Be 'status 503'
        }
    }

    Context 'retries' {
        It 'says how many attempts it took, and waits as the server asks' {
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $response = Start-AsyncWebRequest "$($server.BaseUri)/fail/503/1?after=1" -MaximumRetryCount 2 -RetryIntervalSec 60 | Wait-AsyncTask
            $response.Attempts | Should -Be 2
            $clock.Elapsed.TotalSeconds | Should -BeGreaterThan 0.9
        }
    }

    Context 'tasks' {
        It 'are named, know their input, and hold to -ThrottleLimit' {
            $uris = 1..6 | ForEach-Object { "$($server.BaseUri)/hang?$_" }
            $tasks = $uris | Start-AsyncWebRequest -ThrottleLimit 2 -Name page
            $server.WaitForWaitingRequests(2) | Should -BeTrue
            $tasks.Name | Should -Be (@('page') * 6)
            $tasks.InputObject | Should -Be $uris
            @($tasks | Where-Object State -eq Running).Count | Should -Be 2
            foreach ($task in $tasks) { $null = $task.Cancel() }
            $server.WaitForWaitingRequests(0) | Should -BeTrue
        }
    }

    Context 'connections' {
        It 'are closed when the module is removed' {
            $quiet = & $PSScriptRoot/../Support/Start-TestServer.ps1
            try {
                $null = Start-AsyncWebRequest "$($quiet.BaseUri)/ok" | Wait-AsyncTask
                $quiet.OpenConnections | Should -Be 1
                Remove-Module AsyncJobs
                $quiet.WaitFor({ $args[0].OpenConnections -eq 0 }) | Should -BeTrue
            } finally {
                Import-Module $PSScriptRoot/../../output/AsyncJobs
                $quiet.Dispose()
            }
        }
    }
}
