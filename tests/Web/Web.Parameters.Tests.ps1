BeforeDiscovery {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    $common = [Management.Automation.PSCmdlet]::CommonParameters
    $cases = foreach ($pair in @('Invoke-RestMethod', 'Start-AsyncRestMethod'), @('Invoke-WebRequest', 'Start-AsyncWebRequest')) {
        foreach ($parameter in (Get-Command $pair[0]).Parameters.Values | Where-Object Name -NotIn $common) {
            @{ Theirs = $pair[0]; Ours = $pair[1]; Name = $parameter.Name }
        }
    }

    $table = Get-Content $PSScriptRoot/parameters.md | Where-Object { $_ -match '^\| (?<name>\w+) \| (?<file>[\w.-]+): (?<test>[^(|]+)(?<cases> \([^|]*\))? \|$' } | ForEach-Object {
        @{ Name = $Matches.name; File = $Matches.file; Test = $Matches.test.Trim(); Case = ($Matches.cases ?? '').Trim(' ()') -split '; ' }
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    $credential = [pscredential]::new('user', (ConvertTo-SecureString 'S3cret' -AsPlainText))
    $token = ConvertTo-SecureString 'T0ken' -AsPlainText
}

Describe 'The parameters of the built-in web cmdlets' {
    It '<Ours> has -<Name>, with its type and aliases' -TestCases $cases {
        $theirParameter = (Get-Command $Theirs).Parameters[$Name]
        $our = (Get-Command $Ours).Parameters[$Name]
        $our | Should -Not -BeNullOrEmpty

        # Text, so that a bad address fails its own task; and seconds may have fractions.
        $expected = switch ($Name) {
            Uri { [string] }
            { $_ -in 'ConnectionTimeoutSeconds', 'OperationTimeoutSeconds', 'RetryIntervalSec' } { [double] }
            default { $theirParameter.ParameterType }
        }
        $our.ParameterType | Should -Be $expected

        # -TimeoutSec is a limit of its own.
        $our.Aliases | Should -Be @($theirParameter.Aliases | Where-Object { $_ -ne 'TimeoutSec' })
    }

    It 'are each held by the test that the table names: -<Name>' -TestCases $table {
        $text = Get-ChildItem $PSScriptRoot, $PSScriptRoot/../Commands -Filter "$File.Tests.ps1" | Get-Content -Raw
        $text | Should -Match ('It ''' + [regex]::Escape($Test.Replace("'", "''")) + '(: |'')')
        $Case | Where-Object Length -GT 0 | ForEach-Object { $text | Should -Match ([regex]::Escape($_.Replace("'", "''"))) }
    }

    It 'are in the table, and nothing else is' {
        $names = (Get-Command Invoke-WebRequest, Invoke-RestMethod).Parameters.Values.Name | Where-Object { $_ -notin [Management.Automation.PSCmdlet]::CommonParameters }
        $inTable = @(Get-Content $PSScriptRoot/parameters.md | Where-Object { $_ -match '^\| (\w+) \| \w' } | ForEach-Object { $Matches[1] }) -ne 'parameter'

        # An older PowerShell has not all of them.
        $names | Where-Object { $_ -notin $inTable } | Should -BeNullOrEmpty
        $inTable | Where-Object { $_ -cnotin (Get-Command Start-AsyncWebRequest, Start-AsyncRestMethod).Parameters.Values.Name } | Should -BeNullOrEmpty
    }

    It 'takes 2 and "2" for a version, a number for seconds, and a method of .NET' {
        $command = { param($Value) Start-AsyncRestMethod 'http://' -HttpVersion $Value -Method ([Net.Http.HttpMethod]::Put) -ConnectionTimeoutSeconds 1 -RetryIntervalSec 2 }
        foreach ($value in 2, '2', 2.0, '2.0', 1.1, '1.1', [version]'1.0') {
            $task = & $command $value
            { Wait-AsyncTask $task } | Should -Throw -ErrorId WebUriInvalid*
        }
    }

    It 'refuses what excludes each other, with the id of the built-in cmdlet: <Id>' -TestCases @(
        @{ Id = 'WebCmdletSessionConflictException'; With = { @{ SessionVariable = 's'; WebSession = [Microsoft.PowerShell.Commands.WebRequestSession]::new() } } }
        @{ Id = 'WebCmdletAuthenticationConflictException'; With = { @{ UseDefaultCredentials = $true; Authentication = 'Basic' } } }
        @{ Id = 'WebCmdletAuthenticationTokenConflictException'; With = { @{ Authentication = 'Bearer'; Token = $token; Credential = $credential } } }
        @{ Id = 'WebCmdletAuthenticationCredentialNotSuppliedException'; With = { @{ Authentication = 'Basic' } } }
        @{ Id = 'WebCmdletAuthenticationTokenNotSuppliedException'; With = { @{ Authentication = 'Bearer' } } }
        @{ Id = 'WebCmdletAuthenticationTokenNotSuppliedException'; With = { @{ Authentication = 'OAuth' } } }
        @{ Id = 'WebCmdletCredentialConflictException'; With = { @{ UseDefaultCredentials = $true; Credential = $credential; AllowUnencryptedAuthentication = $true } } }
        @{ Id = 'WebCmdletProxyCredentialConflictException'; With = { @{ Proxy = 'http://127.0.0.1:9'; ProxyCredential = $credential; ProxyUseDefaultCredentials = $true } } }
        @{ Id = 'WebCmdletProxyUriNotSuppliedException'; With = { @{ ProxyUseDefaultCredentials = $true } } }
        @{ Id = 'WebCmdletBodyConflictException'; With = { @{ Method = 'Post'; Body = 'x'; InFile = $PSCommandPath } } }
        @{ Id = 'WebCmdletBodyFormConflictException'; With = { @{ Method = 'Post'; Body = 'x'; Form = @{ a = 1 } } } }
        @{ Id = 'WebCmdletFormInFileConflictException'; With = { @{ Method = 'Post'; InFile = $PSCommandPath; Form = @{ a = 1 } } } }
        @{ Id = 'WebCmdletOutFileMissingException'; With = { @{ PassThru = $true } } }
        @{ Id = 'WebCmdletOutFileMissingException'; With = { @{ Resume = $true } } }
        @{ Id = 'WebCmdletContentTypeException'; With = { @{ Method = 'Post'; Body = 'x'; ContentType = 'text/plain; charset=nonsense' } } }
        @{ Id = 'AmbiguousParameterSet'; With = { @{ Method = 'Get'; CustomMethod = 'a' } } }
        @{ Id = 'AmbiguousParameterSet'; With = { @{ Proxy = 'http://127.0.0.1:9'; NoProxy = $true } } }
        @{ Id = 'PathNotFound'; With = { @{ Method = 'Put'; InFile = "$TestDrive/none" } } }
        @{ Id = 'WebCmdletInFileNotFilePathException'; With = { @{ Method = 'Put'; InFile = "$TestDrive" } } }
        @{ Id = 'System.FormatException'; With = { @{ Headers = @{ 'If-Match' = 'no quotes' } } } }
        @{ Id = 'System.FormatException'; With = { @{ UserAgent = '(open' } } }
        @{ Id = 'WebCmdletContentTypeException'; With = { @{ Method = 'Post'; Body = 'x'; ContentType = '' } } }
        @{ Id = 'WebCmdletCertificateException'; With = { @{ CertificateThumbprint = '0123456789012345678901234567890123456789' } } }
    ) {
        $parameters = & $With
        { Invoke-WebRequest http://127.0.0.1:9 @parameters } | Should -Throw -ErrorId "$Id,*"
        { Start-AsyncWebRequest http://127.0.0.1:9 @parameters } | Should -Throw -ErrorId "$Id,*"
        { Start-AsyncRestMethod http://127.0.0.1:9 @parameters } | Should -Throw -ErrorId "$Id,*"
    }

    It 'refuses to send what says who asks over http, unless allowed: <Case>' -TestCases @(
        @{ Case = 'a token'; With = { @{ Authentication = 'Bearer'; Token = $token } } }
        @{ Case = 'a user'; With = { @{ Authentication = 'Basic'; Credential = $credential } } }
        @{ Case = 'a user for a server that asks'; With = { @{ Credential = $credential } } }
        @{ Case = 'this user'; With = { @{ UseDefaultCredentials = $true } } }
    ) {
        $id = 'WebCmdletAllowUnencryptedAuthenticationRequiredException'
        $parameters = & $With
        { Invoke-RestMethod http://127.0.0.1:9/ @parameters } | Should -Throw -ErrorId "$id,*"
        $failure = Get-Failure { Start-AsyncRestMethod 127.0.0.1:9/ @parameters | Wait-AsyncTask }
        $failure.FullyQualifiedErrorId | Should -BeLike "$id*"
        "$failure" | Should -Not -Match 'S3cret|T0ken'
    }
}
