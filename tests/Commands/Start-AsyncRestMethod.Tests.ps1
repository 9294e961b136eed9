BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1

    function ConvertTo-SendUri([string] $Type, [string] $Body) {
        $encoded = [uri]::EscapeDataString([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Body)))
        "$($server.BaseUri)/send?type=$([uri]::EscapeDataString($Type))&body=$encoded"
    }
}

AfterAll {
    $server.Dispose()
}

Describe 'Start-AsyncRestMethod' {
    Context 'what an answer becomes' {
        It 'makes objects of JSON' {
            $result = Start-AsyncRestMethod "$($server.BaseUri)/json" | Wait-AsyncTask
            $result.name | Should -Be 'café'
            $result.count | Should -BeOfType long
            $result.items | Should -Be 1, 2, 3
            $result.nested.ok | Should -BeTrue
        }

        It 'reads JSON as ConvertFrom-Json does: <Json>' -TestCases @(
            @{ Json = '{"a":1,"b":-1.5,"c":1e3,"d":12345678901234567890,"e":null,"f":""}' }
            @{ Json = '{"utc":"2024-01-02T03:04:05Z","local":"2024-01-02T03:04:05.678+02:00","none":"2024-01-02T03:04:05","day":"2024-01-02"}' }
            @{ Json = '[{"a":[]},{"a":[1]},[[]],"x"]' }
            @{ Json = '{"a":1,"a":2}' }
            @{ Json = '"text"' }
            @{ Json = '{ /* why */ "a": [1, 2, ], }' }
        ) {
            $expected = ConvertFrom-Json $Json -NoEnumerate
            $actual = Start-AsyncRestMethod (ConvertTo-SendUri 'application/json' $Json) | Wait-AsyncTask
            ConvertTo-Json -InputObject $actual -Depth 9 -Compress | Should -BeExactly (ConvertTo-Json -InputObject $expected -Depth 9 -Compress)
            foreach ($property in $expected.psobject.Properties | Where-Object { $expected -is [pscustomobject] -and $null -ne $_.Value }) {
                $actual.($property.Name).GetType() | Should -Be $property.Value.GetType()
                if ($property.Value -is [datetime]) {
                    $actual.($property.Name).Kind | Should -Be $property.Value.Kind
                }
            }
        }

        It 'makes a dictionary of an object whose names an object cannot have' {
            $result = Start-AsyncRestMethod (ConvertTo-SendUri 'application/json' '{"a":1,"A":2,"":3}') | Wait-AsyncTask
            $result | Should -BeOfType System.Collections.Specialized.OrderedDictionary
            $result['a'] | Should -Be 1
            $result['A'] | Should -Be 2
            $result[''] | Should -Be 3
        }

        It 'gives a JSON array whole' {
            $result = @(Start-AsyncRestMethod (ConvertTo-SendUri 'application/json' '[1,2]') | Wait-AsyncTask)
            $result.Count | Should -Be 1
            $result[0] | Should -Be 1, 2
        }

        It 'gives what says it is JSON and is not as text' {
            Start-AsyncRestMethod (ConvertTo-SendUri 'application/json' '{"a":') | Wait-AsyncTask | Should -Be '{"a":'
        }

        It 'makes a document of XML' {
            $result = Start-AsyncRestMethod (ConvertTo-SendUri 'application/xml' '<a><b>1</b></a>') | Wait-AsyncTask
            $result | Should -BeOfType xml
            $result.a.b | Should -Be 1
        }

        It 'gives the items of a feed' {
            $rss = '<rss><channel><item><title>one</title></item><item><title>two</title></item></channel></rss>'
            $result = Start-AsyncRestMethod (ConvertTo-SendUri 'application/rss+xml' $rss) | Wait-AsyncTask
            $result.title | Should -Be one, two
        }

        It 'gives what is neither as text, and an empty body as an empty string' {
            Start-AsyncRestMethod (ConvertTo-SendUri 'text/plain' 'a: 1') | Wait-AsyncTask | Should -Be 'a: 1'
            Start-AsyncRestMethod (ConvertTo-SendUri 'application/json' '') | Wait-AsyncTask | Should -BeExactly ''
        }
    }

    Context 'what is sent' {
        It 'sends <Case>' -TestCases @(
            @{ Case = 'a form'; With = @{ Method = 'Post'; Body = @{ a = 'x y' } }; Expected = "POST /echo`napplication/x-www-form-urlencoded`na=x+y" }
            @{ Case = 'a query'; With = @{ Body = @{ a = 'x y' } }; Expected = "GET /echo?a=x+y`n`n" }
            @{ Case = 'text'; With = @{ Method = 'Put'; Body = 'é'; ContentType = 'text/plain' }; Expected = "PUT /echo`ntext/plain`né" }
            @{ Case = 'bytes'; With = @{ Method = 'Post'; Body = [byte[]](65, 66) }; Expected = "POST /echo`napplication/x-www-form-urlencoded`nAB" }
            @{ Case = 'a content type among the headers'; With = @{ Method = 'Post'; Body = '{}'; Headers = @{ 'Content-Type' = 'application/json' } }; Expected = "POST /echo`napplication/json`n{}" }
            @{ Case = 'a method of one''s own'; With = @{ CustomMethod = 'purge' }; Expected = "PURGE /echo`n`n" }
        ) {
            Start-AsyncRestMethod "$($server.BaseUri)/echo" @With | Wait-AsyncTask | Should -BeExactly $Expected
        }

        It 'sends headers and who it is' {
            $head = Start-AsyncRestMethod "$($server.BaseUri)/headers" -Headers @{ 'X-One' = 1 } | Wait-AsyncTask
            $head | Should -Match 'X-One: 1'
            $head | Should -Match 'User-Agent: Mozilla/.* PowerShell/'
            Start-AsyncRestMethod "$($server.BaseUri)/headers" -UserAgent me | Wait-AsyncTask | Should -Match 'User-Agent: me'
        }
    }

    Context 'headers that cannot be sent' {
        It 'are refused: <Name>' -TestCases @(
            @{ Name = 'two words'; Value = '1' }
            @{ Name = 'X-One'; Value = "1`r`nX-Two: 2" }
        ) {
            $failure = Get-Failure { Start-AsyncRestMethod "$($server.BaseUri)/headers" -Headers @{ $Name = $Value } }
            $failure.FullyQualifiedErrorId | Should -BeLike 'System.FormatException*'
        }
    }

    Context 'many addresses' {
        It 'takes strings, Uris and objects with a Uri from the pipeline' {
            $base = $server.BaseUri
            $sent = @("$base/echo?1", [uri]"$base/echo?2%20", [pscustomobject]@{ Uri = "$base/echo?3" }) | Start-AsyncRestMethod | Wait-AsyncGather
            $sent | ForEach-Object { ($_ -split "`n")[0] } | Should -Be 'GET /echo?1', 'GET /echo?2%20', 'GET /echo?3'
        }

        It 'gives a thousand results in order over few connections' {
            $before = $server.ConnectionCount
            $result = 1..1000 | ForEach-Object { "$($server.BaseUri)/echo?$_" } | Start-AsyncRestMethod -ThrottleLimit 20 | Wait-AsyncGather
            $result.Count | Should -Be 1000
            $result[0] | Should -BeLike 'GET /echo?1?*'
            $result[999] | Should -BeLike 'GET /echo?1000?*'
            $server.ConnectionCount - $before | Should -BeLessOrEqual 20
        }
    }

    Context 'failures' {
        It 'gives <Id> for <Path>' -TestCases @(
            @{ Path = '/hang'; Id = 'ConnectionTimeoutReached'; Type = [TimeoutException]; Category = 'OperationTimeout' }
            @{ Path = '/stall'; Id = 'WebTimeout'; Type = [TimeoutException]; Category = 'OperationTimeout' }
            @{ Path = '/close'; Id = 'WebResponseEnded'; Type = [Net.Http.HttpRequestException]; Category = 'ConnectionError' }
            @{ Path = '/status/404'; Id = 'WebCmdletWebResponseException'; Type = [Microsoft.PowerShell.Commands.HttpResponseException]; Category = 'InvalidOperation' }
        ) {
            $uri = $server.BaseUri + $Path
            $failure = Get-Failure { Start-AsyncRestMethod $uri -TimeoutSec 0.3 | Wait-AsyncTask }
            $failure.FullyQualifiedErrorId | Should -BeLike "$Id*"
            $failure.Exception | Should -BeOfType $Type
            $failure.CategoryInfo.Category | Should -Be $Category
            $failure.TargetObject | Should -Be $uri
        }

        It 'gives each failure on its own task, and every other result arrives' {
            $tls = & $PSScriptRoot/../Support/Start-TestServer.ps1 -Tls
            try {
                $base = $server.BaseUri
                $uris = @("$base/ok", "$base/hang", "$base/ok", "$base/close", "$base/ok", "$($tls.BaseUri)/ok", "$base/ok", 'http://not a url', "$base/ok", '', "$base/ok")
                $tasks = $uris | Start-AsyncRestMethod -TimeoutSec 1
                $result = $tasks | Wait-AsyncGather -ReturnExceptions
                $result.Count | Should -Be 11
                $result[0, 2, 4, 6, 8, 10] | Should -Be (@('ok') * 6)
                $result[1, 3, 5, 7, 9] | ForEach-Object ErrorId | Should -Be ConnectionTimeoutReached, WebResponseEnded, WebCmdletWebResponseException, WebUriInvalid, WebUriInvalid
            } finally {
                $tls.Dispose()
            }
        }

        It 'lets a script look at the answer' {
            $failure = Get-Failure { Start-AsyncRestMethod "$($server.BaseUri)/status/404" | Wait-AsyncTask }
            $failure.Exception.Response.StatusCode | Should -Be 404
            $failure.Exception.Response.Content | Should -Be 'status 404'
            $failure.Exception.Message | Should -BeLike 'Response status code does not indicate success: 404 (NotFound).*'
        }

        It 'is caught by the type that .NET gives it' {
            $caught = try { Start-AsyncRestMethod 'http://not a url' | Wait-AsyncTask } catch [UriFormatException] { 'caught' }
            $caught | Should -Be caught
        }

        It 'takes any status with -SkipHttpErrorCheck and any certificate with -SkipCertificateCheck' {
            Start-AsyncRestMethod "$($server.BaseUri)/status/404" -SkipHttpErrorCheck | Wait-AsyncTask | Should -Be 'status 404'
            $tls = & $PSScriptRoot/../Support/Start-TestServer.ps1 -Tls
            try {
                Start-AsyncRestMethod "$($tls.BaseUri)/ok" -SkipCertificateCheck | Wait-AsyncTask | Should -Be ok
            } finally {
                $tls.Dispose()
            }
        }

        It 'names the phase of a time-out: <Path>' -TestCases @(
            @{ Path = '/hang'; With = @{ ConnectionTimeoutSeconds = 0.2 }; Phase = 'Headers' }
            @{ Path = '/stall'; With = @{ OperationTimeoutSeconds = 0.2 }; Phase = 'Body' }
            @{ Path = '/stall'; With = @{ TimeoutSec = 0.2 }; Phase = 'Body' }
        ) {
            $failure = Get-Failure { Start-AsyncRestMethod ($server.BaseUri + $Path) @With | Wait-AsyncTask }
            $failure.Exception.Phase | Should -Be $Phase
            $failure.Exception.Message | Should -Match "phase $Phase"
        }
    }

    Context 'retries' {
        It 'tries again and counts the attempts' {
            $task = Start-AsyncRestMethod "$($server.BaseUri)/fail/503/2?$(New-Guid)" -MaximumRetryCount 3 -RetryIntervalSec 0.01
            Wait-AsyncTask $task | Should -Be recovered
            $task.Attempts | Should -Be 3
        }

        It 'does not try a POST again unless asked' {
            $path = "/fail/503/1?$(New-Guid)"
            $failure = Get-Failure { Start-AsyncRestMethod ($server.BaseUri + $path) -Method Post -MaximumRetryCount 3 -RetryIntervalSec 0.01 | Wait-AsyncTask }
            $failure.FullyQualifiedErrorId | Should -BeLike 'WebCmdletWebResponseException*'
            $server.VisitsTo($path) | Should -Be 1
            $other = "$($server.BaseUri)/fail/503/1?$(New-Guid)"
            Start-AsyncRestMethod $other -Method Post -MaximumRetryCount 3 -RetryIntervalSec 0.01 -RetryNonIdempotent | Wait-AsyncTask | Should -Be recovered
        }
    }

    Context '-OutFile' {
        It 'writes a file for each address and no result' {
            Push-Location $TestDrive
            try {
                $uris = 1..5 | ForEach-Object { "$($server.BaseUri)/echo?$_" }
                $tasks = $uris | Start-AsyncRestMethod -OutFile { "page$($_[-1]).txt" }
            } finally {
                Pop-Location
            }
            $tasks | Wait-AsyncTask | Should -BeNullOrEmpty
            (Get-ChildItem $TestDrive).Name | Should -Be (1..5 | ForEach-Object { "page$_.txt" })
            Get-Content $TestDrive/page3.txt -First 1 | Should -Be 'GET /echo?3'
        }

        It 'takes the file from a property, and gives the result too with -PassThru' {
            $jobs = [pscustomobject]@{ Uri = "$($server.BaseUri)/json"; OutFile = "$TestDrive/passed.json" }
            ($jobs | Start-AsyncRestMethod -PassThru | Wait-AsyncTask).count | Should -Be 3
            (Get-Content $TestDrive/passed.json -Raw | ConvertFrom-Json).count | Should -Be 3
        }

        It 'leaves nothing under the name, and the old file as it was, when it fails' {
            $target = "$TestDrive/partial/kept.txt"
            $null = New-Item $target -Force -Value old
            $null = Get-Failure { Start-AsyncRestMethod "$($server.BaseUri)/close" -OutFile $target | Wait-AsyncTask }
            $null = Get-Failure { Start-AsyncRestMethod "$($server.BaseUri)/close" -OutFile "$TestDrive/partial/new.txt" | Wait-AsyncTask }
            Get-Content $target | Should -Be old
            (Get-ChildItem $TestDrive/partial -Force).Name | Should -Be kept.txt
        }

        It 'fails its own task for a drive that is not there' {
            $jobs = "$TestDrive/one.txt", 'nosuchdrive:/two.txt', "$TestDrive/three.txt" | ForEach-Object { [pscustomobject]@{ Uri = "$($server.BaseUri)/ok"; OutFile = $_ } }
            $tasks = $jobs | Start-AsyncRestMethod
            $null = $tasks | Wait-AsyncGather -ReturnExceptions
            $tasks.State | Should -Be Completed, Failed, Completed
        }

        It 'fails on a full disk, and the others go on' -Skip:(-not $IsLinux) {
            $tasks = '/dev/full', "$TestDrive/fits.txt" | ForEach-Object { [pscustomobject]@{ Uri = "$($server.BaseUri)/ok"; OutFile = $_ } } | Start-AsyncRestMethod
            $null = $tasks | Wait-AsyncGather -ReturnExceptions
            $tasks.State | Should -Be Failed, Completed
            $failure = Get-Failure { Wait-AsyncTask $tasks[0] }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FileDiskFull*'
            $failure.Exception | Should -BeOfType System.IO.IOException
        }
    }

    Context 'stopping' {
        It 'aborts a thousand requests when the pipeline that gathers them is stopped, and the session goes on' {
            $quiet = & $PSScriptRoot/../Support/Start-TestServer.ps1
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript({
                    param($module, $uri)
                    Import-Module $module
                    @($uri) * 1000 | Start-AsyncRestMethod | Wait-AsyncGather
                }).AddArgument("$PSScriptRoot/../../output/AsyncJobs").AddArgument("$($quiet.BaseUri)/hang")
                $running = $shell.BeginInvoke()
                $quiet.WaitForWaitingRequests(1000) | Should -BeTrue

                $clock = [Diagnostics.Stopwatch]::StartNew()
                $shell.Stop()
                $clock.Elapsed.TotalSeconds | Should -BeLessThan 30
                { $shell.EndInvoke($running) } | Should -Throw
                $quiet.WaitForWaitingRequests(0) | Should -BeTrue

                $shell.Commands.Clear()
                $null = $shell.AddScript({ param($uri) Start-AsyncRestMethod $uri | Wait-AsyncTask }).AddArgument("$($quiet.BaseUri)/ok")
                $shell.Invoke() | Should -Be ok
            } finally {
                $shell.Dispose()
                $quiet.Dispose()
            }
        }
    }
}
