# Every request is sent twice, by the built-in cmdlet and by ours, and the server must get the same.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
    $base = $server.BaseUri
    $credential = [pscredential]::new('user', (ConvertTo-SecureString 'pass word' -AsPlainText))
    $token = ConvertTo-SecureString 'T0ken' -AsPlainText

    # The request as it came: its first line, its headers in order of their names, and its body.
    function ConvertFrom-Request([string] $Text) {
        $head, $body = $Text -split "`r`n`r`n", 2
        $lines = $head -split "`r`n"
        $headers = $lines[1..($lines.Count - 1)] -notmatch '^(Host|User-Agent|Accept-Encoding):' | Sort-Object
        @($lines[0]; $headers; $body) -join "`n" -replace '[0-9a-f]{8}-[0-9a-f-]{27}', 'BOUNDARY' -replace '2D2D(3[0-9]|6[1-6]|2D){36}', 'BOUNDARY' -replace 'Connection: close', 'Connection: Close'
    }

    function Get-Sent([hashtable] $Parameter, [string] $Path = '/request') {
        ConvertFrom-Request (Start-AsyncRestMethod "$base$Path" @Parameter | Wait-AsyncTask)
    }

    function Get-SentByTheirs([hashtable] $Parameter, [string] $Path = '/request') {
        ConvertFrom-Request (Invoke-RestMethod "$base$Path" @Parameter)
    }
}

AfterAll {
    $server.Dispose()
}

Describe 'A request' {
    It 'is what the built-in cmdlet sends: <Case>' -TestCases @(
        @{ Case = 'nothing but the address'; With = { @{} } }
        @{ Case = 'no parsing'; With = { @{ UseBasicParsing = $true } } }
        @{ Case = 'each method'; With = { @{ Method = 'Options' } } }
        @{ Case = 'a PATCH of nothing'; With = { @{ Method = 'Patch' } } }
        @{ Case = 'a DELETE of nothing'; With = { @{ Method = 'Delete' } } }
        @{ Case = 'a POST of nothing'; With = { @{ Method = 'Post' } } }
        @{ Case = 'a method of one''s own'; With = { @{ CustomMethod = 'Purge' } } }
        @{ Case = 'headers'; With = { @{ Headers = @{ 'X-One' = 1; Accept = 'text/html' } } } }
        @{ Case = 'a header without value'; With = { @{ Headers = @{ 'X-None' = $null; 'X-One' = 1 } } } }
        @{ Case = 'headers as they are'; With = { @{ Headers = @{ 'If-Match' = 'no quotes' }; SkipHeaderValidation = $true } } }
        @{ Case = 'headers of the content without a body, with PUT'; With = { @{ Method = 'Put'; Headers = @{ 'Content-Type' = 'application/json'; 'Content-Language' = 'de' } } } }
        @{ Case = 'headers of the content without a body, with DELETE'; With = { @{ Method = 'Delete'; Headers = @{ 'Content-Type' = 'application/json'; 'Content-Language' = 'de' } } } }
        @{ Case = 'headers of the content without a body, with POST'; With = { @{ Method = 'Post'; Headers = @{ 'Content-Type' = 'application/json'; 'Content-Language' = 'de' } } } }
        @{ Case = 'headers of the content without a body, with GET'; With = { @{ Headers = @{ 'Content-Type' = 'application/json'; 'Content-Language' = 'de' } } } }
        @{ Case = 'headers of a content that is not sent, unchecked'; With = { @{ Headers = @{ Expires = '0'; 'Last-Modified' = 'x' } } } }
        @{ Case = 'a content type without a body'; With = { @{ ContentType = 'application/json' } } }
        @{ Case = 'a text'; With = { @{ Method = 'Post'; Body = 'aüb' } } }
        @{ Case = 'a text in the charset of -ContentType'; With = { @{ Method = 'Post'; Body = 'aüb'; ContentType = 'text/plain; charset=iso-8859-1' } } }
        @{ Case = 'a text in the charset among -Headers'; With = { @{ Method = 'Put'; Body = 'aüb'; Headers = @{ 'Content-Type' = 'text/plain; charset=iso-8859-1' } } } }
        @{ Case = 'a text with two types, of which -ContentType counts'; With = { @{ Method = 'Put'; Body = 'aüb'; ContentType = 'text/plain; charset=utf-16'; Headers = @{ 'Content-Type' = 'application/json' } } } }
        @{ Case = 'a text of an unknown charset, unchecked'; With = { @{ Method = 'Post'; Body = 'aüb'; ContentType = 'text/plain; charset=nonsense'; SkipHeaderValidation = $true } } }
        @{ Case = 'a GET with a body'; With = { @{ Method = 'Get'; Body = 'text'; ContentType = 'text/plain' } } }
        @{ Case = 'bytes'; With = { @{ Method = 'Put'; Body = [byte[]](0, 255, 10); ContentType = 'application/octet-stream' } } }
        @{ Case = 'a form of a dictionary'; With = { @{ Method = 'Post'; Body = [ordered]@{ a = 'x y'; 'b&' = 'ü=' } } } }
        @{ Case = 'a query of a dictionary'; With = { @{ Body = [ordered]@{ a = 'x y'; 'b&' = 'ü=' } } } }
        @{ Case = 'XML in the encoding that it declares'; With = { @{ Method = 'Post'; Body = [xml]'<?xml version="1.0" encoding="iso-8859-1"?><a>ü</a>'; ContentType = 'application/xml' } } }
        @{ Case = 'XML that declares none'; With = { @{ Method = 'Post'; Body = [xml]'<a>ü</a>'; ContentType = 'application/xml' } } }
        @{ Case = 'a stream'; With = { @{ Method = 'Post'; Body = [IO.MemoryStream]::new([byte[]](1..200)) } } }
        @{ Case = 'a file'; With = { @{ Method = 'Put'; InFile = "$PSScriptRoot/../Support/Failure.psm1" } } }
        @{ Case = 'a file with a type'; With = { @{ Method = 'Post'; InFile = "$PSScriptRoot/../Support/Failure.psm1"; ContentType = 'text/x-powershell' } } }
        @{ Case = 'a form of parts'; With = { @{ Method = 'Post'; Form = [ordered]@{ a = 'x ü'; list = 1, 2; file = Get-Item $PSScriptRoot/../Support/Failure.psm1 } } } }
        @{ Case = 'a form of parts, whose type counts'; With = { @{ Method = 'Put'; Form = @{ a = 1 }; ContentType = 'text/plain' } } }
        @{ Case = 'a content of .NET with parts'; With = { $parts = [Net.Http.MultipartFormDataContent]::new('BB'); $parts.Add([Net.Http.StringContent]::new('v'), 'field'); @{ Method = 'Post'; Body = $parts } } }
        @{ Case = 'chunks'; With = { @{ Method = 'Post'; Body = 'text'; TransferEncoding = 'chunked' } } }
        @{ Case = 'no kept connection'; With = { @{ DisableKeepAlive = $true } } }
        @{ Case = 'HTTP/1.0'; With = { @{ HttpVersion = '1.0' } } }
        @{ Case = 'a content type of no letters'; With = { @{ ContentType = '' } } }
        @{ Case = 'a user of a domain'; With = { @{ Authentication = 'Basic'; Credential = [pscredential]::new('domain\user', $token); AllowUnencryptedAuthentication = $true } } }
        @{ Case = 'a user with an address'; With = { @{ Authentication = 'Basic'; Credential = [pscredential]::new('user@example.org', $token); AllowUnencryptedAuthentication = $true } } }
        @{ Case = 'a user without a name'; With = { @{ Authentication = 'Basic'; Credential = [pscredential]::new([pscustomobject]@{ UserName = $null; Password = $token.PSObject.BaseObject }); AllowUnencryptedAuthentication = $true } } }
        @{ Case = 'a user at once'; With = { @{ Authentication = 'Basic'; Credential = $credential; AllowUnencryptedAuthentication = $true } } }
        @{ Case = 'a bearer''s token'; With = { @{ Authentication = 'Bearer'; Token = $token; AllowUnencryptedAuthentication = $true } } }
        @{ Case = 'a token of OAuth'; With = { @{ Authentication = 'OAuth'; Token = $token; AllowUnencryptedAuthentication = $true } } }
    ) {
        Get-Sent (& $With) | Should -BeExactly (Get-SentByTheirs (& $With))
    }

    It 'names its sender as the built-in cmdlet does, or as told' {
        $ours, $theirs = (Start-AsyncRestMethod $base/request | Wait-AsyncTask), (Invoke-RestMethod $base/request) | ForEach-Object { $_ -match 'User-Agent: (.*)\r' | Out-Null; $Matches[1] }
        $ours | Should -BeExactly $theirs
        (Start-AsyncRestMethod $base/request -UserAgent 'me/1' | Wait-AsyncTask) | Should -Match 'User-Agent: me/1\r'
        (Start-AsyncRestMethod $base/request -Headers @{ 'User-Agent' = 'he/1' } | Wait-AsyncTask) | Should -Match 'User-Agent: he/1\r'
    }

    It 'sends any content of .NET, with its type: <Type>' -TestCases @(
        @{ Type = 'StringContent'; Make = { [Net.Http.StringContent]::new('text', [Text.Encoding]::Latin1, 'text/x') }; Expected = 'text/x; charset=iso-8859-1'; Hex = '74657874' }
        @{ Type = 'ByteArrayContent'; Make = { [Net.Http.ByteArrayContent]::new([byte[]](1, 2)) }; Expected = ''; Hex = '0102' }
        @{ Type = 'StreamContent'; Make = { [Net.Http.StreamContent]::new([IO.MemoryStream]::new([byte[]](3, 4))) }; Expected = ''; Hex = '0304' }
        @{ Type = 'FormUrlEncodedContent'; Make = { $fields = [Collections.Generic.Dictionary[string, string]]::new(); $fields.a = 'b c'; [Net.Http.FormUrlEncodedContent]::new($fields) }; Expected = 'application/x-www-form-urlencoded'; Hex = '613D622B63' }
    ) {
        $sent = Start-AsyncRestMethod $base/request -Method Put -Body (& $Make) | Wait-AsyncTask
        ($sent -match 'Content-Type: (.*)' ? $Matches[1].Trim() : '') | Should -BeExactly $Expected
        $sent | Should -BeLike "*`r`n$Hex"
    }

    It 'takes bodies from the pipeline where the address is given by name' {
        $sent = 'one', 'two' | Start-AsyncRestMethod -Uri $base/echo -Method Post -ContentType text/plain | Wait-AsyncGather
        $sent | Should -Be "POST /echo`ntext/plain`none", "POST /echo`ntext/plain`ntwo"
        ('{}' | Invoke-RestMethod -Uri $base/echo -Method Post -ContentType text/plain) | Should -Be "POST /echo`ntext/plain`n{}"
    }

    It 'sends a header with several values in one line, and a date in HTTP''s form' {
        $sent = Start-AsyncRestMethod $base/request -Headers @{ Accept = 'text/plain', 'application/json'; 'If-Modified-Since' = [datetime]::new(2020, 1, 2, 3, 4, 5, [DateTimeKind]::Utc) } | Wait-AsyncTask
        $sent | Should -Match 'Accept: text/plain, application/json\r'
        $sent | Should -Match 'If-Modified-Since: Thu, 02 Jan 2020 03:04:05 GMT\r'
    }

    It 'is refused at once where it cannot be sent, without a secret in the message: <Case>' -TestCases @(
        @{ Case = 'a header that is not ASCII'; With = @{ Headers = @{ 'X-Name' = 'Jürgen S3cret' } } }
        @{ Case = 'a user agent that is not ASCII'; With = @{ UserAgent = 'Jürgen S3cret' } }
        @{ Case = 'a header that is not what its name says'; With = @{ Headers = @{ 'If-Match' = 'S3cret' } } }
        @{ Case = 'a header of two lines'; With = @{ Headers = @{ 'X-Name' = "S3cret`r`nX-Other: 1" } } }
        @{ Case = 'a length that the body does not have'; With = @{ Method = 'Put'; Body = 'abc'; Headers = @{ 'Content-Length' = '9' } }; Id = 'InvalidArgument' }
    ) {
        $failure = Get-Failure { Start-AsyncRestMethod $base/request @With -MaximumRetryCount 5 }
        $failure.FullyQualifiedErrorId | Should -BeLike "$($Id ?? 'System.FormatException'),*"
        "$failure" | Should -Not -Match 'S3cret'
    }

    It 'reads a stream where it does not hold up the loop, and only as far as it is sent' -Skip:$IsWindows {
        $pipe = "$TestDrive/pipe"
        mkfifo $pipe
        $writer = Start-ThreadJob { [IO.File]::WriteAllText($using:pipe, 'through the pipe') ; 'written' }
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $stream = [IO.FileStream]::new($pipe, 'Open', 'Read')
        $task = Start-AsyncRestMethod $base/request -Method Post -Body $stream -ContentType text/plain
        $task | Wait-AsyncTask | Should -BeLike "*`r`n$([Convert]::ToHexString([Text.Encoding]::ASCII.GetBytes('through the pipe')))"
        $writer | Receive-Job -Wait | Should -Be written
        $stream.CanRead | Should -BeFalse
    }

    It 'sends a large file in bounded memory' {
        $large = [IO.File]::Create("$TestDrive/large")
        $large.SetLength(300MB)
        $large.Dispose()
        $counter = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $counter.Start()
        $count = Start-ThreadJob -ArgumentList $counter {
            param($listener)
            $client = $listener.AcceptTcpClient()
            $stream = $client.GetStream()
            $buffer = [byte[]]::new(1MB)
            $total = 0L
            while ($total -lt 300MB) { $total += $stream.Read($buffer, 0, $buffer.Length) }
            $answer = [Text.Encoding]::ASCII.GetBytes("HTTP/1.1 200 OK`r`nContent-Type: text/plain`r`nContent-Length: 5`r`nConnection: close`r`n`r`nwhole")
            $stream.Write($answer, 0, $answer.Length)
            $client.Close()
            $listener.Stop()
        }
        $before = [GC]::GetTotalAllocatedBytes()
        Start-AsyncRestMethod "http://127.0.0.1:$($counter.LocalEndpoint.Port)/" -Method Put -InFile $TestDrive/large -TimeoutSec 120 | Wait-AsyncTask | Should -Be whole
        $null = $count | Receive-Job -Wait
        [GC]::GetTotalAllocatedBytes() - $before | Should -BeLessThan 100MB
    }

    It 'gives a stream to one request only' {
        $uris = "$base/request?1", "$base/request?2"
        { $uris | Start-AsyncRestMethod -Method Post -Body ([IO.MemoryStream]::new([byte[]](1, 2))) } | Should -Throw -ErrorId InvalidArgument*
    }

    It 'goes through a socket of this machine' -Skip:$IsWindows {
        $path = "$([IO.Path]::GetTempPath())/aj$([guid]::NewGuid().ToString('N').Substring(0, 8)).sock"
        $listener = [Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
        $listener.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new($path))
        $listener.Listen()
        try {
            $serve = Start-ThreadJob -ArgumentList $listener {
                param($listener)
                $client = $listener.Accept()
                $buffer = [byte[]]::new(8192)
                $null = $client.Receive($buffer)
                $null = $client.Send([Text.Encoding]::ASCII.GetBytes("HTTP/1.1 200 OK`r`nContent-Type: text/plain`r`nContent-Length: 6`r`nConnection: close`r`n`r`nsocket"))
                $client.Close()
            }
            Start-AsyncRestMethod http://host/x -UnixSocket $path | Wait-AsyncTask | Should -Be socket
            $null = $serve | Receive-Job -Wait
        } finally {
            $listener.Dispose()
            Remove-Item $path -ErrorAction Ignore
        }
    }

    It 'goes through a proxy, with its user, and not to one with -NoProxy' {
        $proxy = $server.BaseUri
        $sent = Start-AsyncRestMethod http://elsewhere.invalid/request -Proxy $proxy | Wait-AsyncTask
        $sent | Should -Match '^GET http://elsewhere.invalid/request HTTP/1.1'
        { Start-AsyncRestMethod http://elsewhere.invalid/request -NoProxy | Wait-AsyncTask } | Should -Throw -ErrorId WebNameNotResolved*
    }
}

Describe 'Connections' {
    It 'are shared by commands with the same settings, however these are made' {
        $quiet = & $PSScriptRoot/../Support/Start-TestServer.ps1
        try {
            foreach ($i in 1..5) {
                $again = [pscredential]::new('user', (ConvertTo-SecureString 'pass word' -AsPlainText))
                Start-AsyncRestMethod "$($quiet.BaseUri)/basic" -Credential $again -AllowUnencryptedAuthentication | Wait-AsyncTask | Should -Be 'Basic dXNlcjpwYXNzIHdvcmQ='
            }
            $quiet.ConnectionCount | Should -Be 1
            $other = [pscredential]::new('user', (ConvertTo-SecureString 'another' -AsPlainText))
            Start-AsyncRestMethod "$($quiet.BaseUri)/basic" -Credential $other -AllowUnencryptedAuthentication | Wait-AsyncTask | Should -Be 'Basic dXNlcjphbm90aGVy'
            $quiet.ConnectionCount | Should -Be 2
        } finally {
            $quiet.Dispose()
        }
    }

    It 'that the server closed cost an idempotent request nothing: <Method>' -TestCases @(
        @{ Method = 'Get'; With = @{} }
        @{ Method = 'Put'; With = @{ Body = 'x' } }
        @{ Method = 'Put'; With = @{ InFile = "$PSScriptRoot/../Support/Failure.psm1" } }
        @{ Method = 'Delete'; With = @{} }
        @{ Method = 'Delete'; With = @{ Form = @{ a = 1 } } }
    ) {
        foreach ($i in 1..6) {
            $task = Start-AsyncRestMethod $base/once -Method $Method @With
            Wait-AsyncTask $task | Should -Be once
            $task.Attempts | Should -Be 1
        }
    }

    It 'that the server closed cost it nothing, however many there are' {
        # Each connection answers once, and is closed by the next request on it.
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $uri = "http://127.0.0.1:$($listener.LocalEndpoint.Port)/"
        $serve = Start-ThreadJob -StreamingHost $null -ArgumentList $listener {
            param($listener)
            $answer = [Text.Encoding]::ASCII.GetBytes("HTTP/1.1 200 OK`r`nContent-Length: 4`r`n`r`nonce")
            $read = { param($client) $null = $client.GetStream().Read([byte[]]::new(10000), 0, 10000) }
            $clients = foreach ($i in 1..8) { $listener.AcceptTcpClient() }
            foreach ($client in $clients) { & $read $client; $client.GetStream().Write($answer) }
            $last = $listener.AcceptTcpClientAsync()
            while (-not $last.IsCompleted) {
                foreach ($client in $clients) {
                    if ($client.Client.Connected -and $client.Available) { & $read $client; $client.Close() }
                }
                Start-Sleep -Milliseconds 10
            }
            & $read $last.Result
            $last.Result.GetStream().Write($answer)
            $clients + $last.Result | ForEach-Object Close
        }
        try {
            1..8 | ForEach-Object { $uri } | Start-AsyncRestMethod | Wait-AsyncGather -TimeoutSec 60 | Should -Be (, 'once' * 8)
            Start-AsyncRestMethod $uri -TimeoutSec 60 | Wait-AsyncTask | Should -Be once
        } finally {
            $listener.Stop()
            $null = $serve | Stop-Job -PassThru | Remove-Job -Force
        }
    }

    It 'that were never kept are not asked again' {
        $quiet = & $PSScriptRoot/../Support/Start-TestServer.ps1
        try {
            { Start-AsyncRestMethod "$($quiet.BaseUri)/drop" -Method Put -Body x | Wait-AsyncTask } | Should -Throw -ErrorId WebResponseEnded*
            $quiet.VisitsTo('/drop') | Should -Be 1
        } finally {
            $quiet.Dispose()
        }
    }

    It 'are closed with -DisableKeepAlive' {
        $quiet = & $PSScriptRoot/../Support/Start-TestServer.ps1
        try {
            $null = 1..3 | ForEach-Object { Start-AsyncRestMethod "$($quiet.BaseUri)/ok" -DisableKeepAlive | Wait-AsyncTask }
            $quiet.ConnectionCount | Should -Be 3
            $quiet.WaitFor({ $args[0].OpenConnections -eq 0 }) | Should -BeTrue
        } finally {
            $quiet.Dispose()
        }
    }
}
