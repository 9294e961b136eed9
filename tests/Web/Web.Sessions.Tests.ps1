BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
    $base = $server.BaseUri
    $credential = [pscredential]::new('user', (ConvertTo-SecureString 'S3cret' -AsPlainText))

    function Get-CookieSent([string] $Text) {
        $Text -match '(?m)^Cookie: (.*)$' ? (($Matches[1].Trim() -split '; ' | Sort-Object) -join '; ') : ''
    }
}

AfterAll {
    $server.Dispose()
}

Describe 'Sessions' {
    It 'are put into the caller''s variable: <Where>' -TestCases @(
        @{ Where = 'in a script'; Run = { $null = Start-AsyncRestMethod "$($args[0])/cookie/a/1" -SessionVariable made | Wait-AsyncTask; $made } }
        @{ Where = 'before the answer is there'; Run = { $task = Start-AsyncRestMethod "$($args[0])/cookie/a/1" -SV made; $kept = $made; $null = Wait-AsyncTask $task; $kept } }
        @{ Where = 'in a function'; Run = { function Get-It($uri) { $null = Start-AsyncRestMethod $uri/cookie/a/1 -SessionVariable made | Wait-AsyncTask; $made }; Get-It $args[0] } }
        @{ Where = 'in a coroutine'; Run = { Wait-AsyncTask (Start-AsyncTask { param($uri) $null = Wait-AsyncTask (Start-AsyncRestMethod $uri/cookie/a/1 -SessionVariable made); Wait-AsyncTask (Start-AsyncSleep -Milliseconds 1); $made } -ArgumentList $args[0]) } }
        @{ Where = 'in a coroutine''s function'; Run = { Wait-AsyncTask (Start-AsyncTask { param($uri) function Get-It($uri) { $null = Wait-AsyncTask (Start-AsyncRestMethod $uri/cookie/a/1 -SessionVariable made); $made }; Get-It $uri } -ArgumentList $args[0]) } }
        @{ Where = 'in a coroutine, by a computed name'; Run = { Wait-AsyncTask (Start-AsyncTask { param($uri) $name = 'made'; $null = Wait-AsyncTask (Start-AsyncRestMethod $uri/cookie/a/1 -SessionVariable $name); $made } -ArgumentList $args[0]) } }
        @{ Where = 'by the built-in cmdlet in a coroutine'; Run = { Wait-AsyncTask (Start-AsyncTask { param($uri) $null = Invoke-RestMethod $uri/cookie/a/1 -SessionVariable made; Wait-AsyncTask (Start-AsyncSleep -Milliseconds 1); $made } -ArgumentList $args[0]) } }
    ) {
        $session = & $Run $base
        $session | Should -BeOfType Microsoft.PowerShell.Commands.WebRequestSession
        $session.Cookies.GetCookies($base)['a'].Value | Should -Be 1
    }

    It 'of the built-in cmdlets are sent and kept as theirs' {
        $null = Invoke-RestMethod $base/cookie/theirs/1 -SessionVariable session -Headers @{ 'X-Kept' = 'yes' } -UserAgent 'me/1'
        $sent = Start-AsyncRestMethod $base/request -WebSession $session | Wait-AsyncTask
        Get-CookieSent $sent | Should -Be 'theirs=1'
        $sent | Should -Match 'X-Kept: yes\r'
        $sent | Should -Match 'User-Agent: me/1\r'

        $null = Start-AsyncRestMethod $base/cookie/ours/2 -WebSession $session | Wait-AsyncTask
        Get-CookieSent (Invoke-RestMethod $base/request -WebSession $session) | Should -Be 'ours=2; theirs=1'
    }

    It 'keep the headers, the user agent and the redirections that a request was given, as there' {
        $null = Start-AsyncRestMethod $base/ok -SessionVariable session -Headers @{ 'X-Kept' = 'yes' } -UserAgent 'me/1' -MaximumRedirection 3 | Wait-AsyncTask
        $session.Headers['X-Kept'] | Should -Be yes
        $session.UserAgent | Should -Be 'me/1'
        $session.MaximumRedirection | Should -Be 3
        (Start-AsyncRestMethod $base/request -WebSession $session | Wait-AsyncTask) | Should -Match 'X-Kept: yes\r'
    }

    It 'are shared by fifty tasks without the loss of a cookie' {
        $session = [Microsoft.PowerShell.Commands.WebRequestSession]::new()
        $null = 1..50 | ForEach-Object { "$base/cookie/c$_/v$_" } | Start-AsyncRestMethod -WebSession $session | Wait-AsyncGather
        $session.Cookies.Count | Should -Be 50
        $sent = 1..50 | ForEach-Object { "$base/request?$_" } | Start-AsyncRestMethod -WebSession $session | Wait-AsyncGather
        $expected = (1..50 | ForEach-Object { "c$_=v$_" } | Sort-Object) -join '; '
        $sent | ForEach-Object { Get-CookieSent $_ } | Select-Object -Unique | Should -BeExactly $expected
    }

    It 'give no cookie to another host, and none to a request without them' {
        $session = [Microsoft.PowerShell.Commands.WebRequestSession]::new()
        $null = Start-AsyncRestMethod $base/cookie/a/1 -WebSession $session | Wait-AsyncTask
        Get-CookieSent (Start-AsyncRestMethod $base/request | Wait-AsyncTask) | Should -BeExactly ''
        $elsewhere = $base -replace '127\.0\.0\.1', 'localhost'
        Get-CookieSent (Start-AsyncRestMethod $elsewhere/request -WebSession $session -SkipHttpErrorCheck | Wait-AsyncTask) | Should -BeExactly ''
    }

    It 'get the cookies of an answer that is an error' {
        $uri = $server.UriOfAnswer("HTTP/1.1 401 No`r`nSet-Cookie: e=1; Path=/`r`nContent-Length: 0`r`n`r`n")
        $session = [Microsoft.PowerShell.Commands.WebRequestSession]::new()
        { Start-AsyncRestMethod $uri -WebSession $session | Wait-AsyncTask } | Should -Throw
        $session.Cookies.Count | Should -Be 1
    }

    It 'have the credentials of the request that made them' {
        $null = Start-AsyncRestMethod $base/basic -SessionVariable session -Credential $credential -AllowUnencryptedAuthentication | Wait-AsyncTask
        Start-AsyncRestMethod $base/basic -WebSession $session | Wait-AsyncTask | Should -Be 'Basic dXNlcjpTM2NyZXQ='
    }

    It 'are not needed for the cookies of redirections: <Method>' -TestCases @(
        @{ Method = 'Get' }
        @{ Method = 'Post' }
    ) {
        $uri = "$base/cookie/sid/1?to=/request"
        Get-CookieSent (Start-AsyncRestMethod $uri -Method $Method | Wait-AsyncTask) | Should -Be 'sid=1'
        Get-CookieSent (Invoke-RestMethod $uri -Method $Method) | Should -Be 'sid=1'
        Get-CookieSent (Start-AsyncRestMethod $base/request | Wait-AsyncTask) | Should -BeExactly ''
    }
}

Describe 'Redirections' {
    BeforeAll {
        function Get-RedirectUri([string] $Status, [string] $Target) {
            $server.UriOfAnswer("HTTP/1.1 $Status`r`nLocation: $Target`r`nContent-Length: 0`r`nConnection: close`r`n`r`n")
        }
    }

    It 'after <Method> with status <Status> are followed as there' -TestCases @(
        foreach ($status in '300 Choices', '301 Moved', '302 Found', '303 See', '307 Again', '308 Moved') {
            foreach ($method in 'Get', 'Post', 'Put', 'Delete') {
                @{ Status = $status; Method = $method }
            }
        }
    ) {
        $parameters = $Method -in 'Post', 'Put' ? @{ Method = $Method; Body = 'text'; ContentType = 'text/plain' } : @{ Method = $Method }
        $theirs = Invoke-RestMethod (Get-RedirectUri $Status /echo) @parameters
        Start-AsyncRestMethod (Get-RedirectUri $Status /echo) @parameters | Wait-AsyncTask | Should -BeExactly $theirs
    }

    It 'to an address in UTF-8 lead there' {
        # The bytes of the server are written one for each character.
        $target = -join [Text.Encoding]::UTF8.GetBytes('/echo?ä€😀').ForEach([char])
        $theirs = Invoke-RestMethod (Get-RedirectUri '302 Found' $target)
        $theirs | Should -Match '%C3%A4%E2%82%AC%F0%9F%98%80'
        Start-AsyncRestMethod (Get-RedirectUri '302 Found' $target) | Wait-AsyncTask | Should -BeExactly $theirs
    }

    It 'to no address are not followed' {
        $uri = Get-RedirectUri '302 Found' ''
        $failure = Get-Failure { Start-AsyncRestMethod $uri | Wait-AsyncTask }
        $failure.FullyQualifiedErrorId | Should -BeLike 'WebCmdletWebResponseException*'
        $failure.Exception.Message | Should -Not -Match 'redirections'
    }

    It 'keep their method with -PreserveHttpMethodOnRedirect' {
        Start-AsyncRestMethod (Get-RedirectUri '302 Found' /echo) -Method Post -Body text -ContentType text/plain -PreserveHttpMethodOnRedirect |
            Wait-AsyncTask | Should -BeExactly "POST /echo`ntext/plain`ntext"
    }

    It 'take Authorization off, and keep it with -PreserveAuthorizationOnRedirect' {
        $parameters = @{ Headers = @{ Authorization = 'Bearer S3cret'; 'X-Other' = '1' } }
        $plain = Start-AsyncRestMethod (Get-RedirectUri '302 Found' /request) @parameters | Wait-AsyncTask
        $plain | Should -Not -Match S3cret
        $plain | Should -Match 'X-Other: 1'
        Start-AsyncRestMethod (Get-RedirectUri '302 Found' /request) @parameters -PreserveAuthorizationOnRedirect | Wait-AsyncTask | Should -Match 'Authorization: Bearer S3cret'
    }

    It 'never lead credentials to another host' {
        $other = & $PSScriptRoot/../Support/Start-TestServer.ps1
        try {
            $uri = Get-RedirectUri '302 Found' "$($other.BaseUri)/basic"
            { Start-AsyncRestMethod $uri -Credential $credential -AllowUnencryptedAuthentication | Wait-AsyncTask } | Should -Throw -ErrorId WebCmdletWebResponseException*
            { Start-AsyncRestMethod $uri -Credential $credential -Authentication Basic -AllowUnencryptedAuthentication | Wait-AsyncTask } | Should -Throw -ErrorId WebCmdletWebResponseException*
            { Start-AsyncRestMethod $uri -Credential $credential -AllowUnencryptedAuthentication -PreserveAuthorizationOnRedirect | Wait-AsyncTask } | Should -Throw -ErrorId WebCmdletWebResponseException*
            $other.RequestCount | Should -Be 3
        } finally {
            $other.Dispose()
        }
    }

    It 'are fifty at most, or as many as told, and the error says so' {
        $chain = { param($n) "$base/" + ('redirect/' * $n) + 'ok' }
        Start-AsyncRestMethod (& $chain 50) | Wait-AsyncTask | Should -Be ok
        $failure = Get-Failure { Start-AsyncRestMethod (& $chain 51) | Wait-AsyncTask }
        $failure.FullyQualifiedErrorId | Should -BeLike WebCmdletWebResponseException*
        $failure.Exception.Message | Should -Match 'limit of 50 redirections'

        Start-AsyncRestMethod (& $chain 2) -MaximumRedirection 2 | Wait-AsyncTask | Should -Be ok
        $failure = Get-Failure { Start-AsyncRestMethod (& $chain 2) -MaximumRedirection 0 | Wait-AsyncTask }
        $failure.Exception.Response.StatusCode | Should -Be Found
        "$($failure.Exception.Response.Headers.Location)" | Should -Be /redirect/ok
        (Start-AsyncWebRequest (& $chain 1) -MaximumRedirection 0 -SkipHttpErrorCheck | Wait-AsyncTask).Headers.Location | Should -Be /ok
    }

    It 'to what is no web address are the server''s fault, and not tried again: <Target>' -TestCases @(
        @{ Target = 'file:///etc/passwd' }
        @{ Target = 'ftp://127.0.0.1/x' }
    ) {
        $task = Start-AsyncRestMethod (Get-RedirectUri '302 Found' $Target) -MaximumRetryCount 3 -RetryIntervalSec 0.01
        { Wait-AsyncTask $task } | Should -Throw -ErrorId WebResponseInvalid*
        $task.Attempts | Should -Be 1
    }

    It 'from https to http are refused, unless allowed' {
        $tls = & $PSScriptRoot/../Support/Start-TestServer.ps1 -Tls
        try {
            $uri = (Get-RedirectUri '302 Found' "$base/ok").Replace($base, $tls.BaseUri)
            { Start-AsyncRestMethod $uri -SkipCertificateCheck | Wait-AsyncTask } | Should -Throw -ErrorId InsecureRedirection*
            Start-AsyncRestMethod $uri -SkipCertificateCheck -AllowInsecureRedirect | Wait-AsyncTask | Should -Be ok
        } finally {
            $tls.Dispose()
        }
    }

    It 'are told of by the address and method that failed' {
        $failure = Get-Failure { Start-AsyncRestMethod (Get-RedirectUri '303 See' /status/404) -Method Post -Body x | Wait-AsyncTask }
        $failure.Exception.Message | Should -BeLike '*GET http://*/status/404'
        $dead = Get-Failure { Start-AsyncRestMethod (Get-RedirectUri '302 Found' 'http://127.0.0.1:9/dead') | Wait-AsyncTask }
        $dead.Exception.Message | Should -BeLike 'GET http://127.0.0.1:9/dead: *(127.0.0.1:9)*'
    }
}

Describe 'Pages' {
    BeforeAll {
        function Get-PageUri([string] $Body, [string] $Links) {
            $server.UriOfAnswer("HTTP/1.1 200 OK`r`nContent-Type: application/json`r`n$($Links)Content-Length: $($Body.Length)`r`n`r`n$Body")
        }

        $third = Get-PageUri '{"page":3}' ''
        $second = Get-PageUri '{"page":2}' "Link: <$third>; title=`"x`"; rel=`"next`"`r`n"
        $first = Get-PageUri '{"page":1}' "Link: </other>; rel=prev, <$second>; rel=next`r`n"
    }

    It 'are followed with -FollowRelLink, as many as asked for' {
        (Start-AsyncRestMethod $first -FollowRelLink | Wait-AsyncTask).page | Should -Be 1, 2, 3
        (Start-AsyncRestMethod $first -FollowRelLink -MaximumFollowRelLink 2 | Wait-AsyncTask).page | Should -Be 1, 2
        (Start-AsyncRestMethod $first | Wait-AsyncTask).page | Should -Be 1
    }

    It 'are named by RelationLink' {
        $response = Start-AsyncWebRequest $first | Wait-AsyncTask
        $response.RelationLink['NEXT'] | Should -Be ([uri]$second).AbsoluteUri
        $response.RelationLink['prev'] | Should -Be $base/other
    }

    It 'that came before one that fails are kept' {
        $broken = Get-PageUri '{"page":1}' "Link: <$base/status/404>; rel=next`r`n"
        $failure = $null
        $pages = try { Start-AsyncRestMethod $broken -FollowRelLink | Wait-AsyncTask -OutVariable kept } catch { $failure = $_ }
        $kept.page | Should -Be 1
        $failure.Exception.Response.StatusCode | Should -Be NotFound
        $null = $pages
    }

    It 'do not get Authorization, unless told so, and nobody''s credentials at another place' {
        $other = & $PSScriptRoot/../Support/Start-TestServer.ps1
        try {
            $uri = Get-PageUri '{"page":1}' "Link: <$($other.BaseUri)/request>; rel=next`r`n"
            $pages = Start-AsyncRestMethod $uri -FollowRelLink -Headers @{ Authorization = 'Bearer S3cret' } | Wait-AsyncTask
            $pages[1] | Should -BeLike 'GET /request *'
            $pages[1] | Should -Not -Match S3cret
            $asked = Get-PageUri '{"page":1}' "Link: <$($other.BaseUri)/basic>; rel=next`r`n"
            { Start-AsyncRestMethod $asked -FollowRelLink -Credential $credential -AllowUnencryptedAuthentication | Wait-AsyncTask } | Should -Throw -ErrorId WebCmdletWebResponseException*
        } finally {
            $other.Dispose()
        }
        $same = Get-PageUri '{"page":1}' "Link: </request>; rel=next`r`n"
        $parameters = @{ Uri = $same; FollowRelLink = $true; Headers = @{ Authorization = 'Bearer S3cret' } }
        (Start-AsyncRestMethod @parameters | Wait-AsyncTask)[1] | Should -Not -Match S3cret
        (Start-AsyncRestMethod @parameters -PreserveAuthorizationOnRedirect | Wait-AsyncTask)[1] | Should -Match S3cret
        $asked = Get-PageUri '{"page":1}' "Link: </basic>; rel=next`r`n"
        (Start-AsyncRestMethod $asked -FollowRelLink -Credential $credential -AllowUnencryptedAuthentication | Wait-AsyncTask)[1] | Should -Be 'Basic dXNlcjpTM2NyZXQ='
    }
}
