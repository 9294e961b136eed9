BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
    $base = $server.BaseUri
}

AfterAll {
    $server.Dispose()
}

Describe 'Time-outs' {
    It 'name the phase, and have the id of the built-in cmdlet where it has such a limit: <Path> <With.Keys>' -TestCases @(
        @{ Path = '/hang'; With = @{ ConnectionTimeoutSeconds = 0.3 }; Phase = 'Headers'; Id = 'ConnectionTimeoutReached' }
        @{ Path = '/stall'; With = @{ OperationTimeoutSeconds = 0.3 }; Phase = 'Body'; Id = 'OperationTimeoutReached' }
        @{ Path = '/hang'; With = @{ TimeoutSec = 0.3 }; Phase = 'Headers'; Id = 'ConnectionTimeoutReached' }
        @{ Path = '/stall'; With = @{ TimeoutSec = 0.3 }; Phase = 'Body'; Id = 'WebTimeout' }
    ) {
        foreach ($more in @{}, @{ OutFile = "$TestDrive/late" }) {
            $failure = Get-Failure { Start-AsyncRestMethod $base$Path @With @more | Wait-AsyncTask }
            $failure.FullyQualifiedErrorId | Should -BeLike "$Id*"
            $failure.Exception | Should -BeOfType TimeoutException
            $failure.Exception.Phase | Should -Be $Phase
            $failure.CategoryInfo.Category | Should -Be OperationTimeout
        }
    }

    It 'do not count an upload that goes on' {
        # The server takes a piece every now and then: longer in all than the limit, and never as long at once.
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $serve = Start-ThreadJob -ArgumentList $listener {
            param($listener)
            $client = $listener.AcceptTcpClient()
            $stream = $client.GetStream()
            $buffer = [byte[]]::new(1MB)
            $total = 0
            while ($total -lt 64MB) { $total += $stream.Read($buffer, 0, $buffer.Length); Start-Sleep -Milliseconds 60 }
            $answer = [Text.Encoding]::ASCII.GetBytes("HTTP/1.1 200 OK`r`nContent-Type: text/plain`r`nContent-Length: 2`r`nConnection: close`r`n`r`nok")
            $stream.Write($answer, 0, $answer.Length)
            $client.Close()
        }
        [IO.File]::WriteAllBytes("$TestDrive/upload", [byte[]]::new(64MB))
        Start-AsyncRestMethod "http://127.0.0.1:$($listener.LocalEndpoint.Port)/" -Method Put -InFile $TestDrive/upload -ConnectionTimeoutSeconds 2 | Wait-AsyncTask | Should -Be ok
        $null = $serve | Receive-Job -Wait
        $listener.Stop()
    }

    Context 'of a host that asked for quiet' {
        BeforeAll {
            $quiet = & $PSScriptRoot/../Support/Start-TestServer.ps1
            { Start-AsyncRestMethod "$($quiet.BaseUri)/fail/429/1?after=600" | Wait-AsyncTask } | Should -Throw -ErrorId WebCmdletWebResponseException*
        }

        AfterAll {
            $quiet.Dispose()
        }

        It 'end the wait, and say what it was for: <With.Keys>' -TestCases @(
            @{ With = @{ TimeoutSec = 0.3 }; Id = 'ConnectionTimeoutReached' }
            @{ With = @{ ConnectionTimeoutSeconds = 0.3 }; Id = 'ConnectionTimeoutReached' }
        ) {
            $failure = Get-Failure { Start-AsyncRestMethod "$($quiet.BaseUri)/ok" @With | Wait-AsyncTask }
            $failure.FullyQualifiedErrorId | Should -BeLike "$Id*"
            $failure.Exception.Phase | Should -Be Paused
            $failure.Exception.Message | Should -Match 'asked for quiet \(status 429\).*phase Paused'
            $quiet.VisitsTo('/ok') | Should -Be 0
        }

        It 'can be seen while the wait lasts, with -Verbose and by Get-AsyncTask' {
            $records = Start-AsyncRestMethod "$($quiet.BaseUri)/ok" -Verbose -Name quiet 4>&1
            $task = $records | Where-Object { $_ -is [AsyncJobs.AsyncTask] }
            "$($records | Where-Object { $_ -is [Management.Automation.VerboseRecord] })" | Should -Match 'asked for quiet \(status 429\)'
            Wait-Until { (Get-AsyncTask -Name quiet).WaitingFor }
            "$((Get-AsyncTask -Name quiet).WaitingFor)" | Should -Match 'waits .* the host asked for quiet'
            Stop-AsyncTask $task -Wait
            $task.State | Should -Be Stopped
        }
    }
}

Describe 'Retries' {
    It 'cover status <_>, unless told otherwise only for methods that can be repeated' -ForEach 408, 429, 500, 502, 503, 504 {
        $task = Start-AsyncRestMethod "$base/fail/$_/1?$(New-Guid)" -MaximumRetryCount 2 -RetryIntervalSec 0.01
        Wait-AsyncTask $task | Should -Be recovered
        $task.Attempts | Should -Be 2
        { Start-AsyncRestMethod "$base/fail/$_/1?$(New-Guid)" -Method Post -MaximumRetryCount 2 -RetryIntervalSec 0.01 | Wait-AsyncTask } | Should -Throw
        Start-AsyncRestMethod "$base/fail/$_/1?$(New-Guid)" -Method Post -MaximumRetryCount 2 -RetryIntervalSec 0.01 -RetryNonIdempotent | Wait-AsyncTask | Should -Be recovered
    }

    It 'do not cover status <_>' -ForEach 400, 401, 403, 404, 409, 422, 501 {
        $path = "/fail/$_/1?$(New-Guid)"
        { Start-AsyncRestMethod $base$path -MaximumRetryCount 2 -RetryIntervalSec 0.01 | Wait-AsyncTask } | Should -Throw
        $server.VisitsTo($path) | Should -Be 1
    }

    It 'send a body again: <Case>' -TestCases @(
        @{ Case = 'a text'; With = { @{ Body = 'text' } } }
        @{ Case = 'a file'; With = { Set-Content $TestDrive/body text -NoNewline; @{ InFile = "$TestDrive/body" } } }
        @{ Case = 'a stream that can be read again'; With = { @{ Body = [IO.MemoryStream]::new([Text.Encoding]::ASCII.GetBytes('text')) } } }
        @{ Case = 'a content of .NET'; With = { @{ Body = [Net.Http.StringContent]::new('text') } } }
    ) {
        $with = & $With
        $task = Start-AsyncRestMethod "$base/fail/503/1?$(New-Guid)" -Method Put @with -MaximumRetryCount 2 -RetryIntervalSec 0.01
        Wait-AsyncTask $task | Should -Be recovered
        $task.Attempts | Should -Be 2
    }

    It 'tell of their waits with -Verbose, without what is secret' {
        $uri = "$base/fail/503/1?sig=T0ken&$(New-Guid)" -replace '//', '//svc:S3cret@'
        $records = Start-AsyncRestMethod $uri -MaximumRetryCount 1 -RetryIntervalSec 0.01 -Verbose 4>&1 | Wait-AsyncTask -Verbose 4>&1
        "$($records | Where-Object { $_ -is [Management.Automation.VerboseRecord] })" | Should -Match 'attempt 1 failed\. Retrying after interval of [\d.]+ seconds\. Status code for previous attempt: ServiceUnavailable'
        "$records" | Should -Not -Match 'S3cret|T0ken'
    }

    It 'wait as long as a server asks, but not for hours: Retry-After <After>' -TestCases @(
        @{ After = '99999999999' }
        @{ After = '7200' }
    ) {
        $path = "/fail/503/1?after=$After&$(New-Guid)"
        { Start-AsyncRestMethod $base$path -MaximumRetryCount 2 -RetryIntervalSec 0.01 | Wait-AsyncTask } | Should -Throw
        $server.VisitsTo($path) | Should -Be 1
    }
}

Describe 'Messages' {
    It 'have neither the user nor the values of the query: <Case>' -TestCases @(
        @{ Case = 'a status'; Uri = 'http://svc:S3cret@HOST/status/404?sig=T0ken' }
        @{ Case = 'a redirection to a status'; Uri = 'http://svc:S3cret@HOST/redirect/status/404?sig=T0ken' }
        @{ Case = 'a lost connection'; Uri = 'http://svc:S3cret@HOST/drop?sig=T0ken' }
        @{ Case = 'nobody listens'; Uri = 'http://svc:S3cret@127.0.0.1:9/?sig=T0ken' }
        @{ Case = 'a time-out'; Uri = 'http://svc:S3cret@HOST/hang?sig=T0ken' }
        @{ Case = 'another scheme'; Uri = 'ftp://svc:S3cret@host/?sig=T0ken' }
        @{ Case = 'what is no address'; Uri = 'http://svc:S3cret@host:port/?sig=T0ken' }
        @{ Case = 'a slash in the password'; Uri = 'http://svc:S3cret/S3cret@host:port/' }
    ) {
        $uri = $Uri.Replace('HOST', $base.Substring(7))
        $failure = Get-Failure { Start-AsyncRestMethod $uri -TimeoutSec 1 | Wait-AsyncTask }
        "$failure $($failure.Exception.Message)" | Should -Not -Match 'S3cret|T0ken|svc'
    }
}

Describe 'A thousand requests of which a third fail' {
    It 'end once each, with their own error, and nothing stays open' {
        $busy = & $PSScriptRoot/../Support/Start-TestServer.ps1
        try {
            $uris = 1..1000 | ForEach-Object { "$($busy.BaseUri)" + @('/ok', '/status/500', '/json', '/drop', '/bytes/5000', '/garbage')[$_ % 6] + "?$_" }
            $tasks = $uris | Start-AsyncRestMethod -ThrottleLimit 50
            $results = $tasks | Wait-AsyncGather -ReturnExceptions
            $results.Count | Should -Be 1000
            $failed = @($tasks | Where-Object State -eq Failed)
            $failed.Count | Should -Be 500
            ($failed | Group-Object { $_.Exception.GetType().Name }).Name | Sort-Object | Should -Be HttpResponseException, WebRequestException
            $busy.OpenConnections | Should -BeLessOrEqual 51
            Remove-Module AsyncJobs
            $busy.WaitFor({ $args[0].OpenConnections -eq 0 }) | Should -BeTrue
        } finally {
            Import-Module $PSScriptRoot/../../output/AsyncJobs
            $busy.Dispose()
        }
    }
}

Describe 'A connection that cannot be secured' {
    BeforeAll {
        $tls = & $PSScriptRoot/../Support/Start-TestServer.ps1 -Tls

        # Answers whatever comes with these bytes.
        function Start-RawServer([byte[]] $Bytes) {
            $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
            $listener.Start()
            $job = Start-ThreadJob -ArgumentList $listener, $Bytes {
                param($listener, $bytes)
                while ($client = $listener.AcceptTcpClient()) {
                    $stream = $client.GetStream()
                    $null = $stream.Read([byte[]]::new(4096), 0, 4096)
                    $stream.Write($bytes)
                    $client.Close()
                }
            }
            [pscustomobject]@{ Listener = $listener; Job = $job; Uri = "https://127.0.0.1:$($listener.LocalEndpoint.Port)/" }
        }

        $plain = Start-RawServer ([Text.Encoding]::ASCII.GetBytes("HTTP/1.1 400 Bad Request`r`nContent-Length: 0`r`n`r`n"))
        $old = Start-RawServer (0x15, 3, 3, 0, 2, 2, 70) # an alert: no such version
    }

    AfterAll {
        $tls.Dispose()
        $plain, $old | ForEach-Object { $_.Listener.Stop(); $_.Job | Wait-Job -Timeout 60 | Remove-Job }
    }

    It 'fails as Invoke-RestMethod fails: <Case>' -TestCases @(
        @{ Case = 'self-signed'; Uri = { $tls.BaseUri -replace '127\.0\.0\.1', 'localhost' } }
        @{ Case = 'wrong host'; Uri = { $tls.BaseUri } }
        @{ Case = 'a port that speaks http'; Uri = { $plain.Uri } }
        @{ Case = 'another version of TLS'; Uri = { $old.Uri } }
    ) {
        $uri = & $Uri
        $theirs, $ours = (Get-Failure { Invoke-RestMethod $uri }), (Get-Failure { Start-AsyncRestMethod $uri | Wait-AsyncTask })
        $ours.FullyQualifiedErrorId.Split(',')[0] | Should -Be $theirs.FullyQualifiedErrorId.Split(',')[0]
        $ours.CategoryInfo.Category | Should -Be $theirs.CategoryInfo.Category
        $ours.Exception | Should -BeOfType Net.Http.HttpRequestException
        $ours.Exception.HttpRequestError | Should -Be $theirs.Exception.HttpRequestError
        $ours.Exception.Message | Should -BeLike '*The SSL connection could not be established*'
        "$ours" | Should -Be $ours.Exception.Message
        for ($ours, $theirs = $ours.Exception.InnerException, $theirs.Exception.InnerException; $theirs; $ours, $theirs = $ours.InnerException, $theirs.InnerException) {
            $ours | Should -BeOfType $theirs.GetType()
            foreach ($word in [regex]::Matches($theirs.Message, '(?<=[:,] )[A-Z]\w+(?=$|,)')) {
                $ours.Message | Should -Match $word
            }
        }
        $ours | Should -BeNullOrEmpty
    }

    It 'says whose certificate it was, and what the system says of it' {
        $failure = Get-Failure { Start-AsyncRestMethod $tls.BaseUri | Wait-AsyncTask }
        $failure.ErrorDetails.Message | Should -BeLike '*It is for CN=localhost; UntrustedRoot, *'
        $failure.ErrorDetails.Message | Should -BeLike "*$($failure.Exception.InnerException.Message)"
    }
}

Describe 'The exception of a request that has no answer' {
    It 'has the cause that Invoke-RestMethod''s has: <Uri>' -TestCases @(
        @{ Uri = { "$base/drop" } }
        @{ Uri = { "$base/garbage" } }
        @{ Uri = { [AsyncJobs.Testing.TestServer]::GetRefusingUri() } }
    ) {
        $uri = & $Uri
        $theirs, $ours = (Get-Failure { Invoke-RestMethod $uri }), (Get-Failure { Start-AsyncRestMethod $uri | Wait-AsyncTask })
        "$($ours.Exception.InnerException.psobject.TypeNames)" | Should -Be "$($theirs.Exception.InnerException.psobject.TypeNames)"
        $ours.Exception.InnerException.Message | Should -Be $theirs.Exception.InnerException.Message
        [bool]$ours.ErrorDetails | Should -Be ([bool]$theirs.ErrorDetails)
    }

    It 'has the address, without what may be a secret in it: <Path>' -TestCases @(
        @{ Path = '/hang'; With = @{ TimeoutSec = 0.3 } }
        @{ Path = '/stall'; With = @{ OperationTimeoutSeconds = 0.3 } }
    ) {
        $failure = Get-Failure { Start-AsyncRestMethod "$base$Path`?key=secret" @With -MaximumRetryCount 0 | Wait-AsyncTask }
        $failure.Exception.Uri | Should -Be "$base$Path"
    }

    It 'has it where there is no connection' {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $listener.Stop()
        $address = "http://user:secret@127.0.0.1:$port/path"
        $address | ForEach-Async { await (Start-AsyncRestMethod $_ -MaximumRetryCount 0) } -ErrorAction SilentlyContinue -ErrorVariable errors
        $errors[0].Exception.Uri | Should -Be "http://127.0.0.1:$port/path"
        $errors[0].TargetObject | Should -Be $address
    }
}
