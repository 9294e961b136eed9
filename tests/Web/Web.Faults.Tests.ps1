# Servers that stall, lie, flood and lead in circles: each task ends once, with one error that says which, and nothing is left.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Import-Module $PSScriptRoot/../Support/Fetch.psm1
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
    $base = $server.BaseUri
    $ok = "HTTP/1.1 200 OK`r`nContent-Type: text/plain`r`n"

    function ConvertTo-Gzip([byte[]] $Content) {
        $packed = [IO.MemoryStream]::new()
        $zip = [IO.Compression.GZipStream]::new($packed, [IO.Compression.CompressionMode]::Compress)
        $zip.Write($Content)
        $zip.Dispose()
        [Text.Encoding]::Latin1.GetString($packed.ToArray())
    }
}

AfterAll {
    $server.Dispose()
}

Describe 'A server that stalls' {
    It '<Where> is given up when the limit for that has passed' -TestCases @(
        @{ Where = 'in the status line'; Sent = { 'HTTP/1.1 20' }; Id = 'ConnectionTimeoutReached' }
        @{ Where = 'among the headers'; Sent = { "HTTP/1.1 200 OK`r`nContent-Ty" }; Id = 'ConnectionTimeoutReached' }
        @{ Where = 'before the body'; Sent = { "$($ok)Content-Length: 5`r`n`r`n" }; Id = 'OperationTimeoutReached' }
        @{ Where = 'in the body'; Sent = { "$($ok)Content-Length: 5`r`n`r`nabc" }; Id = 'OperationTimeoutReached' }
        @{ Where = 'in a body without a length'; Sent = { "$ok`r`nabc" }; Id = 'OperationTimeoutReached' }
        @{ Where = 'in the length of a chunk'; Sent = { "$($ok)Transfer-Encoding: chunked`r`n`r`n3`r`nabc`r`n1" }; Id = 'OperationTimeoutReached' }
        @{ Where = 'in a chunk'; Sent = { "$($ok)Transfer-Encoding: chunked`r`n`r`n9`r`nabc" }; Id = 'OperationTimeoutReached' }
        @{ Where = 'before the last chunk'; Sent = { "$($ok)Transfer-Encoding: chunked`r`n`r`n3`r`nabc`r`n" }; Id = 'OperationTimeoutReached' }
        @{ Where = 'in the trailers'; Sent = { "$($ok)Transfer-Encoding: chunked`r`n`r`n3`r`nabc`r`n0`r`nX-Tr" }; Id = 'OperationTimeoutReached' }
        @{ Where = 'in what is compressed'; Sent = { "$($ok)Content-Encoding: gzip`r`n`r`n" + (ConvertTo-Gzip ([byte[]](1..200))).Substring(0, 50) }; Id = 'OperationTimeoutReached' }
        @{ Where = 'in the body of an error'; Sent = { "HTTP/1.1 500 No`r`nContent-Length: 5`r`n`r`nabc" }; Id = 'OperationTimeoutReached' }
        @{ Where = 'in the body of a redirection'; Sent = { "HTTP/1.1 302 On`r`nLocation: /hang`r`nContent-Length: 5`r`n`r`nabc" }; Id = 'ConnectionTimeoutReached' }
    ) {
        $uri = $server.UriOfAnswer((& $Sent)) + '&hang=1'
        $tasks = foreach ($more in @{}, @{ OutFile = "$TestDrive/stalled" }) {
            Start-AsyncRestMethod $uri -ConnectionTimeoutSeconds 0.4 -OperationTimeoutSeconds 0.4 @more
        }
        foreach ($task in $tasks) {
            { Wait-AsyncTask $task } | Should -Throw -ErrorId "$Id*"
            $task.State | Should -Be Failed
        }
        Get-ChildItem $TestDrive -Filter *stalled* -Force | Should -BeNullOrEmpty
    }

    It 'in the TLS handshake is given up, and the phase is that of connecting' {
        $mute = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $mute.Start()
        try {
            $failure = Get-Failure { Start-AsyncRestMethod "https://127.0.0.1:$($mute.LocalEndpoint.Port)/" -ConnectionTimeoutSeconds 0.4 | Wait-AsyncTask }
            $failure.FullyQualifiedErrorId | Should -BeLike ConnectionTimeoutReached*
            $failure.Exception.Phase | Should -Be Connect
        } finally {
            $mute.Stop()
        }
    }

    It 'lets go of its connections' {
        $server.WaitFor({ $args[0].WaitingRequests -eq 0 }) | Should -BeTrue
    }
}

Describe 'A server that lies' {
    It 'about <What> is found out' -TestCases @(
        @{ What = 'a length that is too large'; Sent = { "$($ok)Content-Length: 9`r`n`r`nabc" }; Id = 'WebResponseEnded' }
        @{ What = 'a length that is no number'; Sent = { "$($ok)Content-Length: many`r`n`r`nabc" }; Id = 'WebResponseInvalid' }
        @{ What = 'a length below nothing'; Sent = { "$($ok)Content-Length: -3`r`n`r`nabc" }; Id = 'WebResponseInvalid' }
        @{ What = 'a length that no number holds'; Sent = { "$($ok)Content-Length: 99999999999999999999`r`n`r`nabc" }; Id = 'WebResponseInvalid' }
        @{ What = 'a length that no memory holds'; Sent = { "$($ok)Content-Length: 9000000000000000000`r`n`r`nabc" }; Id = 'WebResponseEnded' }
        @{ What = 'a chunk that is too large'; Sent = { "$($ok)Transfer-Encoding: chunked`r`n`r`n9`r`nabc" }; Id = 'WebResponseEnded' }
        @{ What = 'a chunk that is too small'; Sent = { "$($ok)Transfer-Encoding: chunked`r`n`r`n2`r`nabc`r`n0`r`n`r`n" }; Id = 'WebResponseInvalid' }
        @{ What = 'a chunk whose length is no number'; Sent = { "$($ok)Transfer-Encoding: chunked`r`n`r`nxyz`r`nabc`r`n0`r`n`r`n" }; Id = 'WebResponseInvalid' }
        @{ What = 'a chunk that no number holds'; Sent = { "$($ok)Transfer-Encoding: chunked`r`n`r`nFFFFFFFFFFFFFFFFF`r`nabc`r`n0`r`n`r`n" }; Id = 'WebResponseInvalid' }
        @{ What = 'the last chunk'; Sent = { "$($ok)Transfer-Encoding: chunked`r`n`r`n3`r`nabc`r`n" }; Id = 'WebResponseEnded' }
        @{ What = 'the compression'; Sent = { "$($ok)Content-Encoding: gzip`r`nContent-Length: 14`r`n`r`nnot compressed" }; Id = 'WebResponseInvalid' }
        @{ What = 'the status'; Sent = { "HTTP/1.1 abc OK`r`n`r`n" }; Id = 'WebResponseInvalid' }
        @{ What = 'the version'; Sent = { "HTTPS/7 200 OK`r`n`r`n" }; Id = 'WebResponseInvalid' }
        @{ What = 'a header'; Sent = { "HTTP/1.1 200 OK`r`nno colon`r`n`r`n" }; Id = 'WebResponseInvalid' }
    ) {
        $uri = $server.UriOfAnswer((& $Sent))
        { Start-AsyncRestMethod $uri | Wait-AsyncTask } | Should -Throw -ErrorId "$Id*"
        { Start-AsyncRestMethod $uri -OutFile $TestDrive/lied | Wait-AsyncTask } | Should -Throw -ErrorId "$Id*"
        Get-ChildItem $TestDrive -Filter *lied* -Force | Should -BeNullOrEmpty
    }

    It 'about a length that is too small gives no other request the rest' {
        $uri = $server.UriOfAnswer("$($ok)Content-Length: 3`r`n`r`nabcHTTP/1.1 200 OK`r`nContent-Length: 5`r`n`r`nother") + '&hang=1'
        $results = 1..10 | ForEach-Object { "$uri&n=$_"; "$base/ok?$_" } | Start-AsyncRestMethod -ThrottleLimit 1 | Wait-AsyncGather
        $results | Select-Object -Unique | Should -Be abc, ok
    }
}

Describe 'A server that floods' {
    It 'with <What> is stopped' -TestCases @(
        @{ What = 'headers'; Sent = { "HTTP/1.1 200 OK`r`n" + ("X-Much: $('x' * 1000)`r`n" * 2000) + "`r`n" } }
        @{ What = 'one header'; Sent = { "HTTP/1.1 200 OK`r`nX-Much: $('x' * 2000000)`r`n`r`n" } }
        @{ What = 'a status line'; Sent = { "HTTP/1.1 200 $('x' * 2000000)`r`n`r`n" } }
        @{ What = 'the head of a chunk'; Sent = { "$($ok)Transfer-Encoding: chunked`r`n`r`n3;$('x' * 2000000)`r`nabc`r`n0`r`n`r`n" } }
    ) {
        # From a socket, since an address cannot say so much.
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $serve = Start-ThreadJob -ArgumentList $listener, ([Text.Encoding]::ASCII.GetBytes((& $Sent))) {
            param($listener, $answer)
            $client = $listener.AcceptTcpClient()
            $stream = $client.GetStream()
            $null = $stream.Read([byte[]]::new(8192), 0, 8192)
            try { $stream.Write($answer, 0, $answer.Length) } catch { 'stopped' }
            $client.Close()
        }
        try {
            { Start-AsyncRestMethod "http://127.0.0.1:$($listener.LocalEndpoint.Port)/" | Wait-AsyncTask } | Should -Throw -ErrorId WebResponseInvalid*
        } finally {
            $listener.Stop()
            $serve | Wait-Job -Timeout 60 | Remove-Job
        }
    }

    It 'with what grows when it is decompressed takes no more memory than a piece of it' {
        $server.Answer = [Text.Encoding]::Latin1.GetBytes("$($ok)Content-Encoding: gzip`r`n`r`n" + (ConvertTo-Gzip ([byte[]]::new(200MB))))
        $null = Start-AsyncRestMethod $base/gzip -OutFile $TestDrive/warm | Wait-AsyncTask
        $before = [GC]::GetTotalAllocatedBytes()
        Start-AsyncRestMethod $base/answer -OutFile $TestDrive/bomb | Wait-AsyncTask
        (Get-Item $TestDrive/bomb).Length | Should -Be 200MB
        [GC]::GetTotalAllocatedBytes() - $before | Should -BeLessThan 60MB
        Remove-Item $TestDrive/bomb
    }

    It 'with <What> gives what Invoke-RestMethod gives, or text' -TestCases @(
        @{ What = 'brackets'; Type = 'application/json'; Body = '[' * 30000 }
        @{ What = 'arrays in arrays'; Type = 'application/json'; Body = ('[' * 30000) + (']' * 30000) }
        @{ What = 'objects in objects'; Type = 'application/json'; Body = ('{"a":' * 20000) + '1' + ('}' * 20000) }
        @{ What = 'elements in elements'; Type = 'application/xml'; Body = ('<a>' * 5000) + ('</a>' * 5000) }
        @{ What = 'entities of entities'; Type = 'application/xml'; Body = '<!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><z>&c;&c;&c;</z>' }
    ) {
        $server.Answer = [Text.Encoding]::ASCII.GetBytes("HTTP/1.1 200 OK`r`nContent-Type: $Type`r`nContent-Length: $($Body.Length)`r`n`r`n$Body")
        $ours = Start-AsyncRestMethod $base/answer | Wait-AsyncTask
        if ($ours -is [string]) {
            $ours | Should -BeExactly $Body
        } else {
            $ours.GetType() | Should -Be (Invoke-RestMethod $base/answer).GetType()
        }
    }
}

Describe 'A server that leads in a circle' {
    It 'of redirections is left after as many as are allowed, and the error says so' {
        foreach ($with in @{}, @{ MaximumRedirection = 7 }) {
            $task = Start-AsyncRestMethod "$base/redirect/circle" @with -MaximumRetryCount 3 -RetryIntervalSec 0.01
            $failure = Get-Failure { Wait-AsyncTask $task }
            $failure.FullyQualifiedErrorId | Should -BeLike WebCmdletWebResponseException*
            $failure.Exception.Message | Should -Match "limit of $($with.MaximumRedirection ?? 50) redirections"
            $task.Attempts | Should -Be 1
        }
        $server.VisitsTo('/circle') | Should -Be 57
    }

    It 'of pages can be stopped' {
        $task = Start-AsyncRestMethod "$base/pages" -FollowRelLink
        $server.WaitFor({ $args[0].VisitsTo('/pages') -gt 20 }) | Should -BeTrue
        Stop-AsyncTask $task -Wait
        $task.State | Should -Be Stopped
        @((Start-AsyncRestMethod "$base/pages" -FollowRelLink -MaximumFollowRelLink 5 | Wait-AsyncTask)).Count | Should -Be 5
    }
}

Describe 'A thousand requests of which a third fail, again and again' {
    It 'end once each, with their own error; connections, handles, tasks and memory are as before' {
        $busy = & $PSScriptRoot/../Support/Start-TestServer.ps1
        try {
            $packed = ConvertTo-Gzip ([byte[]](1..200))
            $faults = [ordered]@{
                "$($busy.BaseUri)/status/500?" = 'WebCmdletWebResponseException'
                "$($busy.BaseUri)/drop?" = 'WebResponseEnded'
                "$($busy.BaseUri)/reset?" = 'WebResponseEnded'
                "$($busy.BaseUri)/close?" = 'WebResponseEnded'
                "$($busy.BaseUri)/garbage?" = 'WebResponseInvalid'
                "$($busy.BaseUri)/stall?" = 'OperationTimeoutReached'
                "$($busy.BaseUri)/hang?" = 'ConnectionTimeoutReached'
                "$($busy.BaseUri)/circle?" = 'WebCmdletWebResponseException'
                "$([AsyncJobs.Testing.TestServer]::GetRefusingUri())/?" = 'WebConnectionFailed'
                'nonsense://' = 'WebUriInvalid'
                ($busy.UriOfAnswer("$($ok)Content-Encoding: gzip`r`n`r`n" + $packed.Substring(0, 60)) + '&n=') = 'WebResponseEnded'
            }
            $keys = @($faults.Keys)
            $round = {
                param($Count, [switch] $ToFile)
                $expected = [string[]]::new($Count)
                $uris = foreach ($i in 0..($Count - 1)) {
                    if ($i % 3 -eq 0) {
                        $fault = $keys[($i / 3) % $keys.Count]
                        $expected[$i] = $faults[$fault]
                        "$fault$i"
                    } else {
                        "$($busy.BaseUri)$(@('/ok', '/json', '/bytes/5000', '/gzip')[$i % 4])?$i"
                    }
                }
                $with = @{ ThrottleLimit = 50; ConnectionTimeoutSeconds = 3; OperationTimeoutSeconds = 0.5; MaximumRedirection = 3 }
                $tasks = $uris | Start-AsyncRestMethod @with
                $results = $tasks | Wait-AsyncGather -ReturnExceptions
                $results.Count | Should -Be $Count
                $wrong = foreach ($i in 0..($Count - 1)) {
                    $state = $expected[$i] ? 'Failed' : 'Completed'
                    $id = $tasks[$i].Exception.ErrorId ?? ($tasks[$i].Exception ? 'WebCmdletWebResponseException' : $null)
                    if ($tasks[$i].State -ne $state -or $id -ne $expected[$i]) { "$($uris[$i]): $($tasks[$i].State) $id" }
                }
                $wrong | Should -BeNullOrEmpty
            }
            $watch = Start-Watch
            $watch.Dispose()
            $counts = {
                $busy.WaitFor({ $args[0].WaitingRequests -eq 0 -and $args[0].OpenConnections -le 51 }) | Should -BeTrue
                1..3 | ForEach-Object { [GC]::Collect(); [GC]::WaitForPendingFinalizers() }
                @{ Handles = [AsyncJobs.Testing.ProcessWatch]::HandleCount(); Memory = [GC]::GetTotalMemory($true); Tasks = @(Get-AsyncTask).Count }
            }
            & $round 1000
            $before = & $counts
            & $round 1000
            & $round 1000
            $after = & $counts
            $after.Tasks | Should -Be $before.Tasks
            $after.Handles | Should -BeLessOrEqual ($before.Handles + 20)
            $after.Memory | Should -BeLessThan ($before.Memory + 8MB)
        } finally {
            $busy.Dispose()
        }
    }
}
