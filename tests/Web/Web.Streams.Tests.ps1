BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
    $base = $server.BaseUri

    # An address that sends these pieces one after the other; the body is one byte a character.
    function Get-PiecesUri([string] $Type, [string[]] $Piece, [string] $More = '') {
        $body = [Convert]::ToBase64String([Text.Encoding]::Latin1.GetBytes($Piece -join "`0"))
        "$base/pieces?type=$([uri]::EscapeDataString($Type))&body=$([uri]::EscapeDataString($body))$More"
    }
}

AfterAll {
    $server.Dispose()
}

Describe '-Stream' {
    It 'gives <Case>' -TestCases @(
        @{ Case = 'lines of a text'; Type = 'text/plain'; Piece = "one`ntw", "o`r`nthree`r", "`nfour`rfive"; Expected = 'one', 'two', 'three', 'four', 'five' }
        @{ Case = 'empty lines of a text'; Type = 'text/plain'; Piece = "one`n`ntwo`n"; Expected = 'one', '', 'two' }
        @{ Case = 'characters that arrive in halves'; Type = 'text/plain'; Piece = "a$([char]0xc3)", "$([char]0xa9)b`n"; Expected = @('aéb') }
        @{ Case = 'text in its charset'; Type = 'text/plain; charset=iso-8859-1'; Piece = "caf$([char]0xe9)`n"; Expected = @('café') }
        @{ Case = 'text without its byte order mark'; Type = 'text/plain'; Piece = "$([char]0xef)$([char]0xbb)$([char]0xbf)a`n"; Expected = @('a') }
        @{ Case = 'nothing of nothing'; Type = 'text/plain'; Piece = ''; Expected = @() }
    ) {
        @(Start-AsyncRestMethod (Get-PiecesUri $Type $Piece '&ms=20') -Stream | Receive-AsyncTask) | Should -Be $Expected
        @(Start-AsyncWebRequest (Get-PiecesUri $Type $Piece) -Stream | Receive-AsyncTask) | Should -Be $Expected
    }

    It 'gives an object for each line of JSON: <Type>' -TestCases @(
        @{ Type = 'application/x-ndjson' }
        @{ Type = 'application/jsonl' }
        @{ Type = 'application/json' }
        @{ Type = 'application/json-seq' }
    ) {
        $separator = $Type -eq 'application/json-seq' ? "$([char]0x1e)" : ''
        $items = Start-AsyncRestMethod (Get-PiecesUri $Type "$separator{`"n`":1}`n$separator{`"n`"", ":2,`"d`":[1,2]}`n`n", "$separator{`"n`":NaN}`n") -Stream | Receive-AsyncTask
        "$($items.n)" | Should -Be '1 2 NaN'
        $items[1].d | Should -Be 1, 2
        @(Start-AsyncWebRequest (Get-PiecesUri $Type "{`"n`":1}`n") -Stream | Receive-AsyncTask) | Should -Be '{"n":1}'
    }

    It 'fails at a line that is no JSON, behind the objects before it: <Case>' -TestCases @(
        @{ Case = 'words'; Line = 'out of order' }
        @{ Case = 'half an object'; Line = '{"n":' }
        @{ Case = 'a document of several lines'; Line = '{' }
        @{ Case = 'a long one'; Line = 'x' * 1000 }
    ) {
        $task = Start-AsyncRestMethod (Get-PiecesUri application/x-ndjson "{`"n`":1}`n$Line`n{`"n`":3}`n") -Stream
        $taken = Receive-AsyncTask $task -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure.FullyQualifiedErrorId | Should -BeLike 'WebResponseInvalid,*'
        $failure.Exception.Message | Should -BeLike "GET */pieces*: the answer cannot be read. A line of it is no JSON: '$($Line.Substring(0, [Math]::Min(60, $Line.Length)))*"
        $failure.Exception.Message.Length | Should -BeLessThan 400
        $taken.n | Should -Be 1
        @(Start-AsyncWebRequest (Get-PiecesUri application/x-ndjson "$Line`n") -Stream | Receive-AsyncTask) | Should -Be $Line
    }

    It 'gives server-sent events: <Case>' -TestCases @(
        @{ Case = 'data'; Piece = "data: one`n`ndata:two`n`n"; Expected = 'message|one||', 'message|two||' }
        @{ Case = 'several lines of data'; Piece = "data: a`ndata: b`ndata`n`n"; Expected = @("message|a`nb`n||") }
        @{ Case = 'types and ids'; Piece = "event: add`nid: 7`ndata: a`n`ndata: b`n`nid`ndata: c`n`n"; Expected = 'add|a|7|', 'message|b|7|', 'message|c||' }
        @{ Case = 'comments and unknown fields'; Piece = ": hello`n`nfoo: bar`ndata:  a`n`n"; Expected = @('message| a||') }
        @{ Case = 'a time to wait'; Piece = "retry: 2500`ndata: a`n`nretry: x`ndata: b`n`n"; Expected = 'message|a||00:00:02.5000000', 'message|b||00:00:02.5000000' }
        @{ Case = 'all ends of lines'; Piece = "data: a`r`rdata: b`r`n`r`ndata: c`n`n"; Expected = 'message|a||', 'message|b||', 'message|c||' }
        @{ Case = 'none without data, nor the beginning of one'; Piece = "event: x`n`ndata: a`n`ndata: lost"; Expected = @('message|a||') }
        @{ Case = 'data in halves'; Piece = 'da', "ta: a`n", "`n"; Expected = @('message|a||') }
        @{ Case = 'UTF-8'; Piece = "data: caf$([char]0xc3)$([char]0xa9)`n`n"; Expected = @('message|café||') }
    ) {
        $events = @(Start-AsyncRestMethod (Get-PiecesUri text/event-stream $Piece '&ms=20') -Stream | Receive-AsyncTask)
        $events | ForEach-Object { "$($_.EventType)|$($_.Data)|$($_.EventId)|$($_.ReconnectionInterval)" } | Should -BeExactly $Expected
        $events | ForEach-Object { $_ | Should -BeOfType AsyncJobs.WebEvent }
    }

    It 'gives what has come while the rest still comes, and lets go of the server when nobody wants more: <Where>' -TestCases @(
        @{ Where = 'in a pipeline'; Read = { Start-AsyncRestMethod $args[0] -Stream | Receive-AsyncTask | Select-Object -First 2 } }
        @{ Where = 'from the result'; Read = { $answer = Start-AsyncRestMethod $args[0] -Stream | Wait-AsyncTask; Receive-AsyncTask $answer | Select-Object -First 2 } }
    ) {
        $lone = & $PSScriptRoot/../Support/Start-TestServer.ps1
        try {
            $uri = (Get-PiecesUri text/event-stream "data: 1`n`n", "data: 2`n`n" '&hang=1').Replace($base, $lone.BaseUri)
            (& $Read $uri).Data | Should -Be 1, 2
            $lone.WaitFor({ $args[0].OpenConnections -eq 0 }) | Should -BeTrue
        } finally {
            $lone.Dispose()
        }
    }

    It 'is read by a coroutine, which goes on with each as it comes' {
        $task = Start-AsyncTask {
            param($uri)
            Receive-AsyncTask (Start-AsyncRestMethod $uri -Stream) | ForEach-Object { Wait-AsyncTask (Start-AsyncSleep -Milliseconds 1); "got $($_.Data)" }
        } -ArgumentList (Get-PiecesUri text/event-stream "data: 1`n`n", "data: 2`n`n" '&ms=50')
        Wait-AsyncTask $task | Should -Be 'got 1', 'got 2'
    }

    It 'is read no faster than it is taken' {
        $lone = & $PSScriptRoot/../Support/Start-TestServer.ps1
        try {
            $sent = Start-AsyncRestMethod "$($lone.BaseUri)/endless" -Stream | Receive-AsyncTask | Select-Object -First 3 | ForEach-Object {
                Start-Sleep -Milliseconds 300
                $lone.EndlessBytes
            }
            # What fits into the buffers of the system, and no more.
            $sent[2] | Should -BeLessThan 64MB
            $sent[2] - $sent[1] | Should -BeLessThan 4MB
            $lone.WaitFor({ $args[0].OpenConnections -eq 0 }) | Should -BeTrue
        } finally {
            $lone.Dispose()
        }
    }

    It 'fails in the middle with what went wrong, after what had come: <Case>' -TestCases @(
        @{ Case = 'a stall'; Path = '/stall'; With = @{ OperationTimeoutSeconds = 0.3 }; Id = 'OperationTimeoutReached' }
        @{ Case = 'the whole is too long'; Path = '/stall'; With = @{ TimeoutSec = 0.3 }; Id = 'WebTimeout' }
        @{ Case = 'a lost connection'; Path = '/close'; With = @{}; Id = 'WebResponseEnded' }
    ) {
        $failure = $null
        $items = @(Start-AsyncRestMethod $base$Path -Stream @With | Receive-AsyncTask -ErrorVariable failure -ErrorAction SilentlyContinue)
        $items.Count | Should -Be 0
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id*"
        $failure[0].Exception.Message | Should -Match ([regex]::Escape($Path))
    }

    It 'takes its time without a time-out, where the reader does' {
        $uri = Get-PiecesUri text/plain "a`n", "b`n", "c`n"
        $items = Start-AsyncRestMethod $uri -Stream -OperationTimeoutSeconds 0.3 | Receive-AsyncTask | ForEach-Object { Start-Sleep -Milliseconds 500; $_ }
        $items | Should -Be a, b, c
    }

    It 'is no answer that is an error, and none for a file' {
        { Start-AsyncRestMethod $base/status/404 -Stream | Wait-AsyncTask } | Should -Throw -ErrorId WebCmdletWebResponseException*
        { Start-AsyncRestMethod $base/ok -Stream -OutFile $TestDrive/x } | Should -Throw -ErrorId InvalidArgument*
    }

    It 'can be read once' {
        $answer = Start-AsyncRestMethod (Get-PiecesUri text/plain "a`n") -Stream | Wait-AsyncTask
        Receive-AsyncTask $answer | Should -Be a
        { Receive-AsyncTask $answer -ErrorAction Stop } | Should -Throw '*only once*'
    }
}
