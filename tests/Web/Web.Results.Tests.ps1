# Every answer is asked for twice, by the built-in cmdlet and by ours, and must become the same.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
    $base = $server.BaseUri
    $latin1 = [Text.Encoding]::Latin1

    # An address that answers with these bytes, given as text of one byte a character.
    function Get-AnswerUri([string] $Type, [string] $Body, [string] $Status = '200 OK', [string] $More = '') {
        $head = "HTTP/1.1 $Status`r`n" + ($Type ? "Content-Type: $Type`r`n" : '') + $More + "Content-Length: $($Body.Length)`r`nConnection: close`r`n`r`n"
        $server.UriOfAnswer($head + $Body)
    }

    # What a value is, in a form that shows every difference of type.
    function Get-Shape($Value) {
        if ($null -eq $Value) { return 'null' }
        if ($Value -is [datetime]) { return "date $($Value.ToString('o')) $($Value.Kind)" }
        if ($Value -is [xml]) { return "xml $($Value.OuterXml)" }
        if ($Value -is [Xml.XmlNode]) { return "node $($Value.OuterXml)" }
        if ($Value -is [array]) { return "[$(($Value | ForEach-Object { Get-Shape $_ }) -join ', ')]" }
        if ($Value -is [pscustomobject]) { return "{$(($Value.psobject.Properties | ForEach-Object { "$($_.Name)=$(Get-Shape $_.Value)" }) -join '; ')}" }
        "$($Value.GetType().Name) $([Management.Automation.LanguagePrimitives]::ConvertTo($Value, [string]))"
    }
}

AfterAll {
    $server.Dispose()
}

Describe 'What Start-AsyncRestMethod makes of an answer' {
    It 'is what Invoke-RestMethod makes of it: <Type> <Body>' -TestCases @(
        foreach ($type in 'application/json', 'text/plain; charset=utf-8', 'text/plain', 'application/octet-stream', 'text/html', 'text/javascript', 'application/javascript',
            'application/problem+json', 'application/xml', 'application/xhtml+xml', 'image/svg+xml', 'application/x-unknown', '') {
            @{ Type = $type; Body = '{"a":1,"b":[1,2.5,"x"],"c":null,"d":true}' }
            @{ Type = $type; Body = '[1,2]' }
            @{ Type = $type; Body = '<?xml version="1.0"?><r><a>1</a></r>' }
            @{ Type = $type; Body = 'just a text, with {braces}' }
        }
        foreach ($type in 'text/plain', 'application/json') {
            foreach ($body in '42', '-1.5', '1e3', '42 is the answer', 'true', 'null', 'nothing', '"quoted"', '"half', "'single'", ' {"a":1} ', '[section]', '{ broken', 'NaN', '2020-01-02', '1,2', '007', '0x1F', '<not xml', '<a/><b/>', '// note', '/* note */ 1', '1.2.3.4', '+1', '-') {
                @{ Type = $type; Body = $body }
            }
        }
        @{ Type = 'application/rss+xml'; Body = '<rss><channel><title>t</title><item><a>1</a></item><item><a>2</a></item></channel></rss>' }
        @{ Type = 'text/plain'; Body = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id></entry></feed>' }
        @{ Type = 'text/html'; Body = "<html><body><p>well formed</p></body></html>" }
        @{ Type = 'text/html'; Body = "<!DOCTYPE html><html><body><p>not<br></body></html>" }
        @{ Type = 'application/xml'; Body = '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>' }
    ) {
        $uri = Get-AnswerUri $Type $Body
        $theirs = Get-Shape (Invoke-RestMethod $uri)
        Get-Shape (Start-AsyncRestMethod $uri | Wait-AsyncTask) | Should -BeExactly $theirs
    }

    It 'is what ConvertFrom-Json makes of what a strict reader refuses: <Case>' -TestCases @(
        @{ Case = 'a byte that is not UTF-8'; Body = "{`"n`":`"M$([char]0xfc)ller`",`"ok`":1}" }
        @{ Case = 'half of a surrogate pair'; Body = '{"n":"a\ud800b","ok":1}' }
        @{ Case = 'a tab in a string'; Body = "{`"n`":`"a`tb`",`"ok`":1}" }
        @{ Case = 'NaN'; Body = '{"n":NaN,"ok":1}' }
        @{ Case = 'infinity'; Body = '[{"n":-Infinity,"ok":1}]' }
        @{ Case = 'leading zeros'; Body = '{"n":007,"ok":1}' }
        @{ Case = 'hexadecimal'; Body = '{"n":0x1F,"ok":1}' }
        @{ Case = 'fractions without digits'; Body = '{"n":.5,"m":5.,"ok":1}' }
        @{ Case = 'single quotes'; Body = "{'n':1,'ok':1}" }
        @{ Case = 'bare names'; Body = '{n:1,ok:1}' }
        @{ Case = 'a number too large'; Body = '{"n":1e999,"ok":1}' }
        @{ Case = 'one item of many'; Body = '[' + (@('{"n":"x"}') * 50 -join ',') + ',{"n":NaN}]' }
    ) {
        foreach ($type in 'application/json', 'text/plain') {
            $uri = Get-AnswerUri $type $Body
            Get-Shape (Start-AsyncRestMethod $uri | Wait-AsyncTask) | Should -BeExactly (Get-Shape (Invoke-RestMethod $uri))
        }
    }

    It 'has the dates of ConvertFrom-Json: <Text>' -TestCases @(
        foreach ($text in '\/Date(1599471853769)\/', '\/Date(1599471853769+0200)\/', '\/Date(x)\/', '\/Date(', '0001-01-01T00:00:00+02:00', '0001-01-01T00:00:00', '9999-12-31T23:59:59-05:00',
            '9999-12-31T23:59:59Z', '2020-09-07T09:44:13+02', '2020-09-07T09:44:13+02:00', '2020-09-07T09:44:13+0200', '2020-09-07T24:00:00Z', '2020-09-07T09:44:13.Z', '2020-09-07T09:44:13.', '2020-09-07T09:44:13.+02:00',
            '2020-09-07T09:44:13.1Z', '2020-09-07T09:44:13.123456789Z', '2020-09-07T09:44:13', '2020-09-07 09:44:13Z', '2020-09-07', '2020-13-07T09:44:13Z', '2020-09-07T09:60:13Z', '20200907T094413Z', '2020-09-07T09:44', '2020-09-07T09:44:13 ', '1234567890Tabcdefghi') {
            @{ Text = $text }
        }
    ) {
        $uri = Get-AnswerUri application/json "{`"d`":`"$Text`"}"
        Get-Shape (Start-AsyncRestMethod $uri | Wait-AsyncTask) | Should -BeExactly (Get-Shape (Invoke-RestMethod $uri))
    }

    It 'is decoded as the document declares, where the server does not say: <Case>' -TestCases @(
        @{ Case = 'XML'; Type = 'application/xml'; Body = "<?xml version=`"1.0`" encoding=`"ISO-8859-1`"?><n>Zo$([char]0xeb)</n>" }
        @{ Case = 'XML in single quotes'; Type = 'text/xml'; Body = "<?xml version='1.0' encoding='windows-1252'?><n>$([char]0x80)</n>" }
        @{ Case = 'XML, but the server says'; Type = 'application/xml; charset=utf-8'; Body = "<?xml version=`"1.0`" encoding=`"ISO-8859-1`"?><n>Zo$([char]0xc3)$([char]0xab)</n>" }
        @{ Case = 'a feed'; Type = 'application/rss+xml'; Body = "<?xml version=`"1.0`" encoding=`"ISO-8859-1`"?><rss><channel><item><t>Zo$([char]0xeb)</t></item></channel></rss>" }
        @{ Case = 'an HTML page'; Type = 'text/html'; Body = "<html><head><meta charset=`"iso-8859-1`"></head>Zo$([char]0xeb)" }
        @{ Case = 'an old HTML page'; Type = 'text/html'; Body = "<html><head><meta http-equiv=`"Content-Type`" content=`"text/html; charset=iso-8859-1`"></head>Zo$([char]0xeb)" }
        @{ Case = 'an unknown encoding'; Type = 'text/html'; Body = "<html><head><meta charset=`"nonsense`"></head>Zo$([char]0xc3)$([char]0xab)" }
    ) {
        $uri = Get-AnswerUri $Type $Body
        Get-Shape (Start-AsyncRestMethod $uri | Wait-AsyncTask) | Should -BeExactly (Get-Shape (Invoke-RestMethod $uri))
        (Start-AsyncWebRequest $uri | Wait-AsyncTask).Content | Should -BeExactly (Invoke-WebRequest $uri).Content
    }
}

Describe 'What Start-AsyncWebRequest makes of an answer' {
    It 'has the members of the built-in object: <Type>' -TestCases @(
        @{ Type = 'text/html'; Body = '<html><a href="/x" id=l>link</a><img src="i.png" alt="i"><form><input name="n" value="v"></form></html>' }
        @{ Type = 'text/plain; charset=iso-8859-1'; Body = "caf$([char]0xe9)" }
        @{ Type = 'application/json'; Body = '{"a":1}' }
        @{ Type = 'image/png'; Body = "$([char]0x89)PNG$([char]0xff)" }
        @{ Type = 'application/octet-stream'; Body = 'bytes' }
        @{ Type = ''; Body = 'no type' }
        @{ Type = "text/html`r`nContent-Type: application/json"; Body = '{"a":1}' }
        @{ Type = 'text/plain'; Body = '' }
    ) {
        $uri = Get-AnswerUri $Type $Body -More "X-One: a`r`nX-Two: b`r`nX-Two: c`r`nAllow: GET, PUT`r`nLink: </n>; rel=next`r`n"
        $theirs = Invoke-WebRequest $uri
        $ours = Start-AsyncWebRequest $uri | Wait-AsyncTask
        foreach ($name in 'StatusCode', 'StatusDescription', 'RawContent', 'RawContentLength') {
            $ours.$name | Should -BeExactly $theirs.$name -Because $name
        }
        Get-Shape $ours.Content | Should -BeExactly (Get-Shape $theirs.Content)
        $ours.Content.GetType() | Should -Be $theirs.Content.GetType()
        "$ours" | Should -BeExactly "$theirs"
        "$($ours.Encoding.WebName)" | Should -Be "$($theirs.Encoding.WebName)"
        foreach ($name in 'Links', 'Images', 'InputFields') {
            $ours.$name.Count | Should -Be $theirs.$name.Count
            $ours.$name.outerHTML | Should -Be $theirs.$name.outerHTML
        }
        $ours.RelationLink['next'] | Should -Be $theirs.RelationLink['next']
        ($ours.Headers.Keys | Sort-Object) | Should -Be ($theirs.Headers.Keys | Sort-Object)
        foreach ($name in $theirs.Headers.Keys) {
            $ours.Headers[$name] | Should -Be $theirs.Headers[$name]
        }
        $ours.BaseResponse.StatusCode | Should -Be OK
        $ours.BaseResponse.Content.ReadAsStringAsync().Result.Length | Should -Be $Body.Length
        $ours.RawContentStream.ToArray() | Should -Be $latin1.GetBytes($Body)
    }

    It 'is of the built-in types, is shown as they are and becomes the same JSON: <Type>' -TestCases @(
        @{ Type = 'text/html'; Base = 'BasicHtmlWebResponseObject'; Body = '<html><a href="/x">link</a></html>' }
        @{ Type = 'image/png'; Base = 'WebResponseObject'; Body = "$([char]0x89)PNG$([char]0xff)" }
    ) {
        $uri = Get-AnswerUri $Type $Body -More "Link: </n>; rel=next`r`n"
        $theirs, $ours = (Invoke-WebRequest $uri), (Start-AsyncWebRequest $uri | Wait-AsyncTask)
        $theirs.GetType().Name | Should -Be $Base
        $ours | Should -BeOfType $theirs.GetType()
        $ours -is [Microsoft.PowerShell.Commands.BasicHtmlWebResponseObject] | Should -Be ($Base -eq 'BasicHtmlWebResponseObject')
        $ours | Out-String | Should -Be ($theirs | Out-String)
        $names = ($theirs | Get-Member -MemberType Property).Name
        ($ours | Get-Member -MemberType Property $names | ForEach-Object { $_.Definition -replace '\{.*' }) |
            Should -Be ($theirs | Get-Member -MemberType Property | ForEach-Object { $_.Definition -replace '\{.*' })
        $shown = @{ Property = $names -ne 'BaseResponse' -ne 'RawContentStream' }
        $ours | Select-Object @shown | ConvertTo-Json -Depth 4 | Should -Be ($theirs | Select-Object @shown | ConvertTo-Json -Depth 4)
        function Get-Code([Microsoft.PowerShell.Commands.WebResponseObject] $Response) { $Response.StatusCode }
        Get-Code $ours | Should -Be 200
    }

    It 'has the links and the raw content of the text as it was read' {
        $page = '<html><meta charset="utf-16"><a href="/é">é</a></html>'
        foreach ($bytes in [Text.Encoding]::UTF8.GetBytes($page), [byte[]]([Text.Encoding]::Unicode.GetPreamble() + [Text.Encoding]::Unicode.GetBytes($page))) {
            $response = Start-AsyncWebRequest (Get-AnswerUri text/html $latin1.GetString($bytes)) | Wait-AsyncTask
            $response.Content | Should -BeExactly $page
            $response.RawContent | Should -BeLike "HTTP/1.1 200 OK*$page"
            $response.Links.href | Should -BeExactly '/é'
        }
    }

    It 'can be written to a file as bytes' {
        $response = Start-AsyncWebRequest (Get-AnswerUri image/png "$([char]0x89)PNG$([char]0xff)") | Wait-AsyncTask
        [IO.File]::WriteAllBytes("$TestDrive/picture.png", $response.Content)
        [IO.File]::ReadAllBytes("$TestDrive/picture.png") | Should -Be 0x89, 0x50, 0x4e, 0x47, 0xff
    }
}

Describe 'The variables of an answer' {
    It 'are the caller''s: <Where>' -TestCases @(
        @{ Where = 'in a script'; Run = { $null = Start-AsyncRestMethod $args[0] -StatusCodeVariable code -ResponseHeadersVariable head | Wait-AsyncTask; "$code $($head['X-One'])" } }
        @{ Where = 'in a function'; Run = { function Get-It($uri) { $null = Start-AsyncRestMethod $uri -StatusCodeVariable code -RHV head | Wait-AsyncTask; "$code $($head['X-One'])" }; Get-It $args[0] } }
        @{ Where = 'in a coroutine'; Run = { Wait-AsyncTask (Start-AsyncTask { param($uri) $null = Wait-AsyncTask (Start-AsyncRestMethod $uri -StatusCodeVariable code -ResponseHeadersVariable head); "$code $($head['X-One'])" } -ArgumentList $args[0]) } }
        @{ Where = 'in a loop of a coroutine'; Run = { Wait-AsyncTask (Start-AsyncTask { param($uri) foreach ($i in 1..2) { $code = $null; $null = Wait-AsyncTask (Start-AsyncRestMethod $uri -StatusCodeVariable code -ResponseHeadersVariable head) }; "$code $($head['X-One'])" } -ArgumentList $args[0]) } }
        @{ Where = 'in a coroutine, splatted'; Run = { Wait-AsyncTask (Start-AsyncTask { param($uri) $with = @{ StatusCodeVariable = 'code'; ResponseHeadersVariable = 'head' }; $null = Wait-AsyncTask (Start-AsyncRestMethod $uri @with); "$code $($head['X-One'])" } -ArgumentList $args[0]) } }
        @{ Where = 'in a coroutine, by computed names'; Run = { Wait-AsyncTask (Start-AsyncTask { param($uri) $names = 'code', 'head'; $null = Wait-AsyncTask (Start-AsyncRestMethod $uri -StatusCodeVariable $names[0] -ResponseHeadersVariable $names[1]); "$code $($head['X-One'])" } -ArgumentList $args[0]) } }
        @{ Where = 'in a thread task'; Run = { Wait-AsyncTask (Start-AsyncTask -OnThread { param($uri) $null = (Start-AsyncRestMethod $uri -StatusCodeVariable code -ResponseHeadersVariable head | Wait-AsyncTask); "$code $($head['X-One'])" } -ArgumentList $args[0]) } }
        @{ Where = 'of a scope that is named'; Run = { & { $null = Start-AsyncRestMethod $args[0] -StatusCodeVariable script:code -ResponseHeadersVariable script:head | Wait-AsyncTask } $args[0]; "$script:code $($script:head['X-One'])" } }
    ) {
        & $Run (Get-AnswerUri text/plain x '201 Created' "X-One: a`r`n") | Should -Be '201 a'
    }
}

Describe 'An answer that is an error' {
    It 'fails as Invoke-RestMethod fails: <Status> <Type>' -TestCases @(
        @{ Status = '404 Not Found'; Type = 'application/json'; Body = '{"error":"why","n":1}' }
        @{ Status = '500 Broken'; Type = 'application/json'; Body = 'no json' }
        @{ Status = '400 Bad'; Type = 'application/xml'; Body = '<error><why a="1">this</why></error>' }
        @{ Status = '403 Forbidden'; Type = 'text/html'; Body = '<html><h1>No</h1><p>Not you.</p></html>' }
        @{ Status = '401 Unauthorized'; Type = 'text/plain; charset=iso-8859-1'; Body = "caf$([char]0xe9)" }
        @{ Status = '418 I''m a teapot'; Type = ''; Body = '' }
        @{ Status = '503 Busy'; Type = ''; Body = 'come back' }
    ) {
        $uri = Get-AnswerUri $Type $Body $Status "X-One: a`r`n"
        $theirs = Get-Failure { Invoke-RestMethod $uri }
        $ours = Get-Failure { Start-AsyncRestMethod $uri | Wait-AsyncTask }
        $ours.Exception | Should -BeOfType Microsoft.PowerShell.Commands.HttpResponseException
        $ours.Exception.Message | Should -BeLike "$($theirs.Exception.Message)*"
        "$($ours.ErrorDetails)" | Should -BeExactly "$($theirs.ErrorDetails)"
        $ours.CategoryInfo.Category | Should -Be $theirs.CategoryInfo.Category
        $ours.FullyQualifiedErrorId.Split(',')[0] | Should -Be $theirs.FullyQualifiedErrorId.Split(',')[0]
        foreach ($expression in { $_.Exception.Response.StatusCode.value__ }, { [int]$_.Exception.Response.StatusCode }, { $_.Exception.Response.ReasonPhrase },
            { $_.Exception.StatusCode }, { $_.Exception.Response.Headers.GetValues('X-One') }, { $_.Exception.Response.RequestMessage.RequestUri.Query },
            { $_.Exception.Response.RequestMessage.Method }, { $_.Exception.Response.IsSuccessStatusCode }, { "$($_.Exception.Response.Content.Headers.ContentType)" }) {
            ($ours | ForEach-Object $expression) | Should -Be ($theirs | ForEach-Object $expression) -Because $expression
        }
        $ours.Exception.Response.Content.ReadAsStringAsync().GetAwaiter().GetResult().Length | Should -Be $Body.Length
    }

    It 'is caught by its type and can be asked for its status: <Where>' -TestCases @(
        @{ Where = 'in a script'; Run = { try { Start-AsyncRestMethod $args[0] | Wait-AsyncTask } catch [Microsoft.PowerShell.Commands.HttpResponseException] { "$($_.Exception.Response.StatusCode.value__) $($_.ErrorDetails.Message)" } } }
        @{ Where = 'in a coroutine'; Run = { Wait-AsyncTask (Start-AsyncTask { param($uri) try { Wait-AsyncTask (Start-AsyncRestMethod $uri) } catch [Microsoft.PowerShell.Commands.HttpResponseException] { "$($_.Exception.Response.StatusCode.value__) $($_.ErrorDetails.Message)" } } -ArgumentList $args[0]) } }
        @{ Where = 'in a gather'; Run = { $failed = Start-AsyncRestMethod $args[0] | Wait-AsyncGather -ReturnExceptions; "$([int]$failed.Response.StatusCode) $($failed.Response.Content)" } }
        @{ Where = 'as it is completed'; Run = { $null = Start-AsyncRestMethod $args[0] | Receive-AsyncTask -ErrorVariable failed -ErrorAction SilentlyContinue; "$([int]$failed[0].Exception.Response.StatusCode) $($failed[0].ErrorDetails)" } }
    ) {
        & $Run (Get-AnswerUri text/plain 'because' '409 Conflict') | Should -Be '409 because'
    }

    It 'is an answer with -SkipHttpErrorCheck, with its status' {
        $uri = Get-AnswerUri application/json '{"error":"why"}' '404 Not Found'
        (Start-AsyncRestMethod $uri -SkipHttpErrorCheck -StatusCodeVariable code | Wait-AsyncTask).error | Should -Be why
        $code | Should -Be 404
    }
}

Describe 'Files' {
    It 'in a folder have the name of the last address' {
        $folder = New-Item -ItemType Directory $TestDrive/in
        Start-AsyncWebRequest "$base/redirect/files%20of/a%20tool.zip" -OutFile $folder | Wait-AsyncTask | Should -BeNullOrEmpty
        Start-AsyncRestMethod "$base/x/..%2f..%2fescaped" -OutFile $folder | Wait-AsyncTask | Should -BeNullOrEmpty
        Push-Location $folder
        try {
            $null = Start-AsyncRestMethod $base/here -OutFile . | Wait-AsyncTask
        } finally {
            Pop-Location
        }
        (Get-ChildItem $folder -Recurse).Name | Should -Be 'a tool.zip', 'escaped', 'here'
        (Start-AsyncWebRequest $base/named -OutFile $folder -PassThru | Wait-AsyncTask).OutFile | Should -Be (Join-Path $folder named)
    }

    Context 'of a compressed body that breaks off' {
        BeforeAll {
            function Get-PackedUri([string] $Coding, [double] $Part, [string] $Head = '') {
                $packed = [IO.MemoryStream]::new()
                $stream = switch ($Coding) {
                    gzip { [IO.Compression.GZipStream]::new($packed, [IO.Compression.CompressionMode]::Compress) }
                    deflate { [IO.Compression.ZLibStream]::new($packed, [IO.Compression.CompressionMode]::Compress) }
                    br { [IO.Compression.BrotliStream]::new($packed, [IO.Compression.CompressionMode]::Compress) }
                }
                $stream.Write([Text.Encoding]::ASCII.GetBytes($whole))
                $stream.Dispose()
                $bytes = $packed.ToArray()
                $sent = [Text.Encoding]::Latin1.GetString($bytes, 0, [int]($bytes.Length * $Part))
                $server.UriOfAnswer("HTTP/1.1 200 OK`r`nContent-Type: text/plain`r`nContent-Encoding: $Coding`r`nContent-Length: $($sent.Length)`r`n`r`n$sent")
            }

            $whole = (1..300 | ForEach-Object { "line $_ $($_ * 7919 % 1000)" }) -join "`n"
        }

        It 'take no name, and the task fails: <_>' -ForEach 'gzip', 'deflate', 'br' {
            $uri = Get-PackedUri $_ 0.6
            foreach ($start in { Start-AsyncWebRequest @args }, { Start-AsyncRestMethod @args }) {
                { & $start $uri | Wait-AsyncTask } | Should -Throw -ErrorId WebResponseEnded*
                { & $start $uri -OutFile "$TestDrive/broken" | Wait-AsyncTask } | Should -Throw -ErrorId WebResponseEnded*
                { & $start $uri -OutFile "$TestDrive/broken" -PassThru | Wait-AsyncTask } | Should -Throw -ErrorId WebResponseEnded*
            }
            "$TestDrive/broken" | Should -Not -Exist
        }

        It 'are as the built-in cmdlet has them where it is whole: <_>' -ForEach 'gzip', 'deflate', 'br' {
            $uri = Get-PackedUri $_ 1
            Start-AsyncRestMethod $uri -OutFile "$TestDrive/whole" | Wait-AsyncTask
            Get-Content "$TestDrive/whole" -Raw | Should -BeExactly $whole
            $ours, $theirs = (Start-AsyncWebRequest $uri | Wait-AsyncTask), (Invoke-WebRequest $uri)
            $ours.Content | Should -BeExactly $theirs.Content
            $ours.Headers.Keys | Sort-Object | Should -Be @($theirs.Headers.Keys | Sort-Object)
            $ours.RawContent | Should -BeExactly $theirs.RawContent
        }
    }

    Context '-Resume' {
        BeforeAll {
            # A server of one file, which knows ranges; a thread job's, since a script cannot serve and ask at once.
            $resumable = [Net.HttpListener]::new()
            $port = { $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0); $probe.Start(); $probe.LocalEndpoint.Port; $probe.Stop() }.Invoke()[0]
            $resumable.Prefixes.Add("http://127.0.0.1:$port/")
            $resumable.Start()
            $null = Start-ThreadJob -ArgumentList $resumable {
                param($listener)
                $content = [Text.Encoding]::ASCII.GetBytes('0123456789')
                while ($listener.IsListening) {
                    # Its end does not always wake who waits for a request.
                    $next = $listener.GetContextAsync()
                    while (-not ([IAsyncResult]$next).AsyncWaitHandle.WaitOne(100)) {
                        if (-not $listener.IsListening) { return }
                    }
                    $context = $next.GetAwaiter().GetResult()
                    $response = $context.Response
                    $from = $context.Request.Headers['Range'] -match 'bytes=(\d+)-' ? [int]$Matches[1] : -1
                    if ($context.Request.Url.AbsolutePath -eq '/norange' -or $from -lt 0) {
                        $response.OutputStream.Write($content, 0, 10)
                    } elseif ($from -ge 10) {
                        $response.StatusCode = 416
                        $response.AddHeader('Content-Range', 'bytes */10')
                    } else {
                        $response.StatusCode = 206
                        $response.AddHeader('Content-Range', "bytes $from-9/10")
                        $response.OutputStream.Write($content, $from, 10 - $from)
                    }
                    $response.Close()
                }
            }
        }

        AfterAll {
            $resumable.Close()
        }

        It 'goes on as the built-in cmdlet does: <Case>' -TestCases @(
            @{ Case = 'no file'; Path = '/'; Before = $null }
            @{ Case = 'a part'; Path = '/'; Before = '0123' }
            @{ Case = 'the whole'; Path = '/'; Before = '0123456789' }
            @{ Case = 'more than the server has'; Path = '/'; Before = '0123456789ABC' }
            @{ Case = 'a server without ranges'; Path = '/norange'; Before = '0123' }
        ) {
            $results = foreach ($run in { Invoke-WebRequest @args }, { Start-AsyncWebRequest @args | Wait-AsyncTask }) {
                $file = "$TestDrive/resumed"
                Remove-Item $file -ErrorAction Ignore
                if ($null -ne $Before) { Set-Content $file $Before -NoNewline }
                # The built-in cmdlet writes an answer where there was nothing to get.
                $null = & $run "http://127.0.0.1:$port$Path" -OutFile $file -Resume
                Get-Content $file -Raw
            }
            $results | Should -Be '0123456789', '0123456789'
        }

        It 'takes no other part than the file goes on with' {
            Set-Content $TestDrive/resumed '0123' -NoNewline
            $uri = $server.UriOfAnswer("HTTP/1.1 206 Part`r`nContent-Range: bytes 0-9/10`r`nContent-Length: 10`r`n`r`n0123456789")
            { Start-AsyncRestMethod $uri -OutFile $TestDrive/resumed -Resume | Wait-AsyncTask } |
                Should -Throw -ErrorId WebResponseInvalid* -ExpectedMessage '*from byte 0 on; the file has 4.'
            Get-Content $TestDrive/resumed -Raw | Should -BeExactly '0123'
        }

        It 'needs the name of a file' {
            { Start-AsyncRestMethod "http://127.0.0.1:$port/" -OutFile $TestDrive -Resume | Wait-AsyncTask } | Should -Throw -ErrorId WebCmdletResumeNotFilePathException*
        }
    }
}

Describe 'Messages of an answer' {
    It 'come with -Verbose: status, size, type and file, and nothing that is secret' {
        $uri = "$base/bytes/5?sig=T0ken" -replace '//', '//svc:S3cret@'
        $records = Start-AsyncWebRequest $uri -OutFile $TestDrive/told -Verbose 4>&1 | Wait-AsyncTask -Verbose 4>&1
        "$($records | Where-Object { $_ -is [Management.Automation.VerboseRecord] })" | Should -Match 'GET http://\S+/bytes/5\S*: 200 OK of text/plain, written to .*told'
        "$records" | Should -Not -Match 'S3cret|T0ken'
    }

    It 'say where debug messages are wanted how a text was read, as those of the built-in cmdlet do: <Type>' -TestCases @(
        @{ Type = 'text/plain' }
        @{ Type = 'text/plain; charset=iso-8859-1' }
        @{ Type = 'text/html; charset=utf-16' }
    ) {
        $uri = "$base/send?type=$([uri]::EscapeDataString($Type))&body=$([Convert]::ToBase64String([byte[]](65, 0)))"
        $DebugPreference = 'Continue'
        $theirs = Invoke-RestMethod $uri 5>&1 | Where-Object { "$_" -like 'WebResponse content encoding*' }
        $ours = Start-AsyncRestMethod $uri | Wait-AsyncTask 5>&1 | Where-Object { "$_" -like 'WebResponse content encoding*' }
        "$ours" | Should -BeExactly "$theirs"
        $ours | Should -BeOfType Management.Automation.DebugRecord
    }
}
