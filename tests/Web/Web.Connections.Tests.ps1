BeforeDiscovery {
    $hasNginx = [bool](Get-Command nginx, /usr/sbin/nginx -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
    $tls = & $PSScriptRoot/../Support/Start-TestServer.ps1 -Tls
    $credential = [pscredential]::new('user', (ConvertTo-SecureString 'S3cret' -AsPlainText))

    function New-Certificate([string] $Name) {
        $key = [Security.Cryptography.RSA]::Create(2048)
        $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new("CN=$Name", $key, 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
        $now = [DateTimeOffset]::UtcNow
        $made = $request.CreateSelfSigned($now.AddDays(-1), $now.AddDays(1))
        [Security.Cryptography.X509Certificates.X509Certificate2]::new($made.Export('Pfx'), '', 'Exportable, PersistKeySet')
    }
}

AfterAll {
    $server.Dispose()
    $tls.Dispose()
}

Describe 'TLS' {
    It 'has the version that -SslProtocol asks for: <_>' -ForEach 'Tls12', 'Tls13', 'Tls12, Tls13' {
        $expected = Invoke-RestMethod "$($tls.BaseUri)/tls" -SkipCertificateCheck -SslProtocol $_
        Start-AsyncRestMethod "$($tls.BaseUri)/tls" -SkipCertificateCheck -SslProtocol $_ | Wait-AsyncTask | Should -Be $expected
        ($_ -split ', ')[-1] | Should -Be $expected.Trim()
    }

    It 'shows the server the certificate of -Certificate, and nobody else''s' {
        $one, $other = (New-Certificate one), (New-Certificate other)
        $uri = "$($tls.BaseUri)/tls"
        foreach ($certificate in $one, $other, $one) {
            Start-AsyncRestMethod $uri -SkipCertificateCheck -Certificate $certificate | Wait-AsyncTask | Should -BeLike "* $($certificate.Thumbprint)"
        }
        Start-AsyncRestMethod $uri -SkipCertificateCheck | Wait-AsyncTask | Should -Match '^Tls\d+ $'
        $null = Start-AsyncRestMethod $uri -SkipCertificateCheck -Certificate $other -SessionVariable session | Wait-AsyncTask
        Start-AsyncRestMethod $uri -SkipCertificateCheck -WebSession $session | Wait-AsyncTask | Should -BeLike "* $($other.Thumbprint)"
    }

    It 'shows the one in the user''s store that has the thumbprint' {
        $certificate = New-Certificate stored
        $store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
        $store.Open('ReadWrite')
        $store.Add($certificate)
        try {
            Start-AsyncRestMethod "$($tls.BaseUri)/tls" -SkipCertificateCheck -CertificateThumbprint $certificate.Thumbprint | Wait-AsyncTask | Should -BeLike "* $($certificate.Thumbprint)"
        } finally {
            $store.Remove($certificate)
            $store.Dispose()
        }
    }
}

Describe 'A proxy' {
    It 'that asks gets the user of -ProxyCredential, and him alone' {
        $uri = 'http://elsewhere.invalid/proxy'
        Start-AsyncRestMethod $uri -Proxy $server.BaseUri -ProxyCredential $credential | Wait-AsyncTask | Should -Be 'Basic dXNlcjpTM2NyZXQ='
        $failure = Get-Failure { Start-AsyncRestMethod $uri -Proxy $server.BaseUri | Wait-AsyncTask }
        $failure.Exception.Response.StatusCode | Should -Be ProxyAuthenticationRequired
        $null = Start-AsyncRestMethod $uri -Proxy $server.BaseUri -ProxyCredential $credential -SessionVariable session | Wait-AsyncTask
        Start-AsyncRestMethod $uri -WebSession $session | Wait-AsyncTask | Should -Be 'Basic dXNlcjpTM2NyZXQ='
    }
}

Describe 'The user of this process' {
    It 'is asked of nobody who wants a password: <Case>' -TestCases @(
        @{ Case = 'a server'; Path = 'http://HOST/basic'; With = { @{ UseDefaultCredentials = $true; AllowUnencryptedAuthentication = $true } } }
        @{ Case = 'a proxy'; Path = 'http://elsewhere.invalid/proxy'; With = { @{ Proxy = $server.BaseUri; ProxyUseDefaultCredentials = $true } } }
    ) {
        $uri = $Path.Replace('HOST', $server.BaseUri.Substring(7))
        $with = & $With
        $theirs = Get-Failure { Invoke-RestMethod $uri @with }
        $ours = Get-Failure { Start-AsyncRestMethod $uri @with | Wait-AsyncTask }
        $ours.Exception.Response.StatusCode | Should -Be $theirs.Exception.Response.StatusCode
        Start-AsyncRestMethod ($uri -replace '[^/]+$', 'ok') @with | Wait-AsyncTask | Should -Be ok
    }
}

Describe 'HTTP/2' -Skip:(-not $hasNginx) {
    BeforeAll {
        $folder = New-Item -ItemType Directory "$TestDrive/nginx"
        $certificate = New-Certificate localhost
        Set-Content $folder/cert.pem $certificate.ExportCertificatePem()
        Set-Content $folder/key.pem ([Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($certificate).ExportPkcs8PrivateKeyPem())
        $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $probe.Start()
        $port = $probe.LocalEndpoint.Port
        $probe.Stop()
        $temporary = 'client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi' | ForEach-Object { "$($_)_temp_path $folder/$_;" }
        Set-Content $folder/nginx.conf @"
daemon off; worker_processes 1; pid $folder/nginx.pid; error_log $folder/error.log; events { }
http {
    access_log off; $temporary
    server {
        listen 127.0.0.1:$port ssl http2; ssl_certificate $folder/cert.pem; ssl_certificate_key $folder/key.pem;
        location / { return 200 "`$server_protocol `$connection"; }
    }
}
"@
        $nginx = (Get-Command nginx, /usr/sbin/nginx -CommandType Application -ErrorAction Ignore)[0].Path
        $process = Start-Process $nginx "-p $folder -c $folder/nginx.conf -e $folder/error.log" -PassThru -RedirectStandardError "$folder/stderr"
        # It may not listen yet.
        $null = Start-AsyncWebRequest "https://127.0.0.1:$port/" -SkipCertificateCheck -MaximumRetryCount 100 -RetryIntervalSec 0.1 -Backoff Constant | Wait-AsyncTask
    }

    AfterAll {
        & $nginx -p $folder -c $folder/nginx.conf -e $folder/error.log -s stop 2>$null
        $null = $process.WaitForExit(10000)
    }

    It 'has many requests on one connection' {
        $answers = 1..60 | ForEach-Object { "https://127.0.0.1:$port/$_" } | Start-AsyncWebRequest -HttpVersion 2 -SkipCertificateCheck | Wait-AsyncGather
        $answers.Count | Should -Be 60
        $answers.HttpVersion | Select-Object -Unique | Should -Be '2.0'
        @($answers | ForEach-Object { "$([Text.Encoding]::UTF8.GetString($_.Bytes))" } | Select-Object -Unique).Count | Should -Be 1
        [Text.Encoding]::UTF8.GetString($answers[0].Bytes) | Should -Match '^HTTP/2\.0 \d+$'
    }

    It 'gives way to what the server has' {
        (Start-AsyncWebRequest "$($server.BaseUri)/ok" -HttpVersion 2.0 | Wait-AsyncTask).HttpVersion | Should -Be '1.1'
        (Start-AsyncWebRequest "$($tls.BaseUri)/ok" -HttpVersion 2.0 -SkipCertificateCheck | Wait-AsyncTask).HttpVersion | Should -Be '1.1'
    }
}
