# The topic about_AsyncJobs_Errors has an entry for each error id that the module can write, and for nothing else: the ids are
# read from the source. Each id is what comes of the script that stands here, or of the test that is named here.

BeforeDiscovery {
    # Those that need more than a script: a server of SSH or DNS, or a job of a kind that PowerShell has no longer.
    $elsewhere = @(
        @{ Id = 'HostLookupFailed'; File = 'Commands/Start-AsyncDnsLookup.Tests.ps1' }
        @{ Id = 'JobDisconnected'; File = 'Jobs/Job.Tests.ps1' }
        @{ Id = 'JobSuspended'; File = 'Jobs/Job.Tests.ps1' }
        @{ Id = 'SessionBroken'; File = 'Jobs/Session.Tests.ps1' }
        @{ Id = 'SessionBusy'; File = 'Jobs/Session.Tests.ps1' }
        @{ Id = 'SessionNotOpen'; File = 'Jobs/Session.Tests.ps1' }
    )

    $scripts = [ordered]@{
        AmbiguousParameterSet    = { Start-AsyncRestMethod $uri -Proxy http://127.0.0.1:9 -NoProxy }
        AsyncCanceled            = { $task = Start-AsyncSleep 60; Stop-AsyncTask $task; await $task }
        AsyncDeadlock            = { Set-AsyncLoop -DebugMode; try { Wait-AsyncEvent (New-AsyncEvent) } finally { Set-AsyncLoop -DebugMode:$false } }
        AsyncTimeout             = { Invoke-WithTimeout 0.05 { await (Start-AsyncSleep 60) } }
        BrokenBarrier            = { $barrier = New-AsyncBarrier 2; Stop-AsyncBarrier $barrier; Wait-AsyncBarrier $barrier }
        CannotCapture            = { $module = Get-Module AsyncJobs; Start-AsyncTask { & $module { 1 } } }
        ConnectionTimeoutReached = { await (Start-AsyncRestMethod $uri/hang -ConnectionTimeoutSeconds 0.2) }
        CoroutineNotSupported    = { Start-AsyncTask { [CmdletBinding()] param() await (Start-AsyncSleep 0); $PSCmdlet.WriteObject(1) } }
        DirectoryNotEmpty        = { await (Start-AsyncFileRemove "$folder/full") }
        DownloadHashMismatch     = { await (Start-AsyncDownload $uri/text -Destination "$folder/hashed" -Hash ('0' * 64)) }
        EventNotFound            = { Wait-AsyncObjectEvent ([IO.FileSystemWatcher]::new()) NoSuchEvent }
        EventNotSupported        = { Wait-AsyncObjectEvent ([AppDomain]::CurrentDomain) AssemblyResolve }
        FileAccessDenied         = { await (New-Future -Exception ([UnauthorizedAccessException]::new())) }
        FileDiskFull             = { await (New-Future -Exception ([IO.IOException]::new('no space left', $IsWindows ? -2147024784 : 28))) }
        FileError                = { await (Start-AsyncFileCopy "$folder/full" "$folder/full/inner" -Recurse) }
        FileExists               = { await (Start-AsyncFileWrite "$folder/full/file" 'text' -NoClobber) }
        FileIsDirectory          = { await (Start-AsyncFileRead $folder) }
        FileNotFound             = { await (Start-AsyncFileRead "$folder/none") }
        FileProviderNotSupported = { await (Start-AsyncFileRead Env:PATH) }
        HostNotFound             = { await (Start-AsyncDnsLookup 'no such name!') }
        InsecureRedirection      = { await (Start-AsyncRestMethod $secure.UriOfAnswer("HTTP/1.1 302 Found`r`nLocation: $uri/text`r`nContent-Length: 0`r`n`r`n") -SkipCertificateCheck) }
        InvalidArgument          = { Start-AsyncSleep -Duration '-00:00:01' }
        InvalidState             = { $future = New-Future; 1..2 | ForEach-Object { Complete-Future $future $_ } }
        JobBlocked               = { $job = Start-Job { Read-Host question }; try { await $job -TimeoutSec 60 } finally { Remove-Job $job -Force } }
        LockNotHeld              = { Exit-AsyncLock (New-AsyncLock) }
        NativeCommandError       = { throw (Start-AsyncProcess sh '-c', 'echo trouble >&2' | Receive-AsyncTask -Live 2>&1)[0] }
        NotAwaitable             = { await 42 }
        NotProgram               = { Start-AsyncProcess Get-Item }
        OperationTimeoutReached  = { await (Start-AsyncRestMethod $uri/stall -OperationTimeoutSeconds 0.2) }
        PathNotFound             = { Start-AsyncRestMethod $uri -Method Put -InFile "$folder/none" }
        ProgramExitCode          = { await (Start-AsyncProcess sh '-c', 'exit 3' -ErrorAction Stop) }
        ProgramNotFound          = { Start-AsyncProcess no-such-program }
        ProgramNotStarted        = { await (Start-AsyncProcess "$folder/full/file") }
        QueueEmpty               = { Receive-AsyncQueueItem (New-AsyncQueue) -NoWait }
        QueueFull                = { $queue = New-AsyncQueue 1; 1..2 | Add-AsyncQueueItem $queue -NoWait }
        QueueShutDown            = { $queue = New-AsyncQueue; Close-AsyncQueue $queue; Add-AsyncQueueItem $queue 1 }
        SemaphoreFull            = { Exit-AsyncSemaphore (New-AsyncSemaphore 1 -Bounded) }
        SemaphoreMismatch        = { $first = New-AsyncSemaphore 1 -Name $folder; New-AsyncSemaphore 2 -Name $folder }
        'System.FormatException' = { Start-AsyncRestMethod $uri -UserAgent '(open' }
        TaskFailed               = { await (New-Future -Exception ([Exception]::new('x'))) }
        TaskGroupFailed          = { Invoke-AsyncTaskGroup { async { throw 'x' } } }
        TaskNotFound             = { Wait-AsyncTask -Id 999999999 }
        TestConnectionException  = { await (Start-AsyncConnectionTest 'no such name!') }
        ThreadNotInteractive     = { await (Start-AsyncTask { Read-Host question }) }
        WatchInTask              = { await (async { await (Start-AsyncSleep 0); Watch-AsyncTask }) }
        TraceFormatNotSupported  = { Start-AsyncTrace; try { Stop-AsyncTrace "$folder/trace.txt" } finally { $null = Stop-AsyncTrace -PassThru } }
        TraceNotRunning          = { Stop-AsyncTrace "$folder/trace.json" }
        TraceRunning             = { Start-AsyncTrace; try { Start-AsyncTrace } finally { $null = Stop-AsyncTrace -PassThru } }
        VariableIsUndefined      = { Set-StrictMode -Version 1; Start-AsyncTask { $using:noSuchVariable } }
        WebCmdletAllowUnencryptedAuthenticationRequiredException = { await (Start-AsyncRestMethod $uri -Authentication Bearer -Token $token) }
        WebCmdletAuthenticationConflictException = { Start-AsyncRestMethod $uri -Authentication Basic -UseDefaultCredentials }
        WebCmdletAuthenticationCredentialNotSuppliedException = { Start-AsyncRestMethod $uri -Authentication Basic }
        WebCmdletAuthenticationTokenConflictException = { Start-AsyncRestMethod $uri -Authentication Bearer -Token $token -Credential $credential }
        WebCmdletAuthenticationTokenNotSuppliedException = { Start-AsyncRestMethod $uri -Authentication Bearer }
        WebCmdletBodyConflictException = { Start-AsyncRestMethod $uri -Method Post -Body x -InFile "$folder/full/file" }
        WebCmdletBodyFormConflictException = { Start-AsyncRestMethod $uri -Method Post -Body x -Form @{ a = 1 } }
        WebCmdletCertificateException = { Start-AsyncRestMethod $uri -CertificateThumbprint ('01' * 20) }
        WebCmdletContentTypeException = { Start-AsyncRestMethod $uri -Method Post -Body x -ContentType 'text/plain; charset=nonsense' }
        WebCmdletCredentialConflictException = { Start-AsyncRestMethod $uri -Credential $credential -UseDefaultCredentials -AllowUnencryptedAuthentication }
        WebCmdletFormInFileConflictException = { Start-AsyncRestMethod $uri -Method Post -InFile "$folder/full/file" -Form @{ a = 1 } }
        WebCmdletInFileNotFilePathException = { Start-AsyncRestMethod $uri -Method Put -InFile $folder }
        WebCmdletOutFileMissingException = { Start-AsyncRestMethod $uri -Resume }
        WebCmdletProxyCredentialConflictException = { Start-AsyncRestMethod $uri -Proxy http://127.0.0.1:9 -ProxyCredential $credential -ProxyUseDefaultCredentials }
        WebCmdletProxyUriNotSuppliedException = { Start-AsyncRestMethod $uri -ProxyUseDefaultCredentials }
        WebCmdletResumeNotFilePathException = { await (Start-AsyncRestMethod $uri -OutFile $folder -Resume) }
        WebCmdletSessionConflictException = { Start-AsyncRestMethod $uri -SessionVariable s -WebSession ([Microsoft.PowerShell.Commands.WebRequestSession]::new()) }
        WebCmdletWebResponseException = { await (Start-AsyncRestMethod $uri/status/404) }
        WebConnectionFailed      = { await (Start-AsyncRestMethod ([AsyncJobs.Testing.TestServer]::GetRefusingUri())) }
        WebNameNotResolved       = { await (Start-AsyncRestMethod http://nowhere.invalid -NoProxy) }
        WebRequestInvalid        = { await (Start-AsyncRestMethod $uri -HttpVersion 4.0) }
        WebResponseEnded         = { await (Start-AsyncRestMethod $uri/drop) }
        WebResponseInvalid       = { await (Start-AsyncRestMethod $uri/garbage) }
        WebTimeout               = { await (Start-AsyncRestMethod $uri/stall -TimeoutSec 0.2) }
        WebUriInvalid            = { await (Start-AsyncRestMethod 'http://') }
        DbConnectionFailed       = { await (Start-AsyncDbQuery (New-AsyncDbSource $npgsql "Host=127.0.0.1;Port=$refusing") 'select 1') }
        DbConnectionStringInvalid = { New-AsyncDbSource $sqlite 'Dta Source=x' }
        DbParameterInvalid       = { await (Start-AsyncDbQuery $source 'select @a' -Parameters @{ b = 1 }) }
        DbProviderInvalid        = { New-AsyncDbSource ([string]) 'Data Source=x' }
        DbProviderNotFound       = { New-AsyncDbSource No.Such.Provider 'Data Source=x' }
        DbQueryFailed            = { await (Start-AsyncDbQuery $source 'selec 1') }
        DbSourceClosed           = { $closed = New-AsyncDbSource $sqlite 'Data Source=:memory:'; $closed.Dispose(); await (Start-AsyncDbQuery $closed 'select 1') }
        DbTimeout                = { await (Start-AsyncDbQuery (New-AsyncDbSource $npgsql "Host=127.0.0.1;Port=$silent") 'select 1' -TimeoutSec 0.2) }
        DbTransactionBusy        = {
            Invoke-AsyncDbTransaction $source {
                $null = Wait-AsyncTask (Start-AsyncDbQuery $source 'select 1 union select 2' -Transaction $_ -Stream) -PassThru
                await (Start-AsyncDbQuery $source 'select 1' -Transaction $_)
            }
        }
        DbTransactionEnded       = { Invoke-AsyncDbTransaction $source { $ended = $_ }; await (Start-AsyncDbQuery $source 'select 1' -Transaction $ended) }
        DbTransactionFailed      = { Invoke-AsyncDbTransaction $source { 'never' } -IsolationLevel Chaos }
    }

    # Their programs are those of a Unix.
    $ofUnix = 'NativeCommandError', 'ProgramExitCode', 'ProgramNotStarted'
    $cases = foreach ($id in $scripts.Keys) {
        if (-not $IsWindows -or $id -notin $ofUnix) { @{ Id = $id; Script = $scripts[$id] } }
    }

    $known = @($scripts.Keys) + $elsewhere.Id
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    $root = Convert-Path $PSScriptRoot/../..
    $topic = (Get-Content $root/docs/en-US/about_AsyncJobs_Errors.md -Raw) -replace '\r'
    $reference = [regex]::Match($topic, '(?ms)^## Errors by their ids\n(?<text>.*?)(?=^## )').Groups['text'].Value
    $entries = [regex]::Matches($reference, '(?m)^- `(?<id>[^`]+)`: (?<text>.+)$').ForEach({ [pscustomobject]@{ Id = $_.Groups['id'].Value; Text = $_.Groups['text'].Value } })
}

Describe 'The entries of about_AsyncJobs_Errors' {
    BeforeAll {
        $libraries = (Get-ChildItem $PSHOME/ref -Filter *.dll).FullName + "$PSHOME/Microsoft.CodeAnalysis.dll", "$PSHOME/Microsoft.CodeAnalysis.CSharp.dll"
        Add-Type -Path $PSScriptRoot/../Support/ErrorIdReader.cs -ReferencedAssemblies $libraries -IgnoreWarnings -WarningAction Ignore
        $reader = [ErrorIdReader]::new("$root/src", [AppContext]::GetData('TRUSTED_PLATFORM_ASSEMBLIES').Split([IO.Path]::PathSeparator))

        # Written and taken out of the streams again by the engine itself, to set $?.
        $null = $reader.Ids.Remove('AsyncCoroutineSuccess')
    }

    It 'are those of the ids in the source, in the order of the alphabet' {
        $reader.Ids.Keys.Count | Should -BeGreaterThan 80
        $missing = $reader.Ids.Keys | Where-Object { $_ -cnotin $entries.Id } | ForEach-Object { "$_ of $($reader.Ids[$_])" }
        $missing | Should -BeNullOrEmpty -Because 'each id has an entry'
        $entries.Id | Where-Object { -not $reader.Ids.ContainsKey($_) } | Should -BeNullOrEmpty -Because 'an entry is that of an id'
        $entries.Id | Should -Be ($entries.Id | Sort-Object -Culture '') -Because 'they are looked up'
    }

    It 'leave out no id that the reader could not follow' {
        # An exception that PowerShell gives its own type as the id, and ids of records that are there already.
        $reader.Unknown | Should -Be @(
            'AsyncJobs/Coroutines/Nodes/Iteration.cs: exception.GetType().FullName'
            'AsyncJobs/Errors/Replay/ErrorReplay.cs: id'
        )
    }

    It 'say what happened, the usual cause and the mend' {
        foreach ($entry in $entries) {
            $entry.Text | Should -Match '^[A-Z`].+\. Cause: .+\. Mend: .+\.$' -Because $entry.Id
        }
    }

    It 'are each found in what Get-Help shows, as a paragraph of its own' {
        $paragraphs = (Get-Help about_AsyncJobs_Errors) -split '\n\s*\n'
        foreach ($entry in $entries) {
            @($paragraphs -match "- $([regex]::Escape($entry.Id)):").Count | Should -Be 1 -Because $entry.Id
        }
    }

    It 'are each held by a script here or by a test elsewhere' -TestCases @{ Known = $known } {
        $Known | Sort-Object -Culture '' | Should -Be $entries.Id
    }

    It 'have <Id> from <File>' -TestCases $elsewhere {
        Get-Content "$root/tests/$File" -Raw | Should -Match "\b$Id\b"
    }
}

Describe 'The error id' {
    BeforeAll {
        Import-Module $PSScriptRoot/../Support/Database.psm1
        $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
        $secure = & $PSScriptRoot/../Support/Start-TestServer.ps1 -Tls
        $uri = $server.BaseUri
        $token = ConvertTo-SecureString 'T0ken' -AsPlainText
        $credential = [pscredential]::new('user', $token)
        $folder = (New-Item -ItemType Directory "$TestDrive/files").FullName
        $null = New-Item "$folder/full/file" -Force
        $npgsql = Get-DatabaseProvider Npgsql
        $sqlite = Get-DatabaseProvider Microsoft.Data.Sqlite
        $source = New-AsyncDbSource $sqlite "Data Source=$TestDrive/data.db"
        await (Start-AsyncDbQuery $source 'create table first(x)')
        $refusing = ([uri] [AsyncJobs.Testing.TestServer]::GetRefusingUri()).Port
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $silent = $listener.LocalEndpoint.Port
    }

    AfterAll {
        $listener.Dispose()
        $source.Dispose()
        $server.Dispose()
        $secure.Dispose()
    }

    It 'comes with the name of the topic in the exception, where that is one of this module''s' {
        $exceptions = @(
            try { await 42 } catch { $_.Exception }
            try { Start-AsyncSleep -Duration '-00:00:01' } catch { $_.Exception }
            try { Receive-AsyncQueueItem (New-AsyncQueue) -NoWait } catch { $_.Exception }
            try { await (Start-AsyncRestMethod 'http://') } catch { $_.Exception }
        )
        $exceptions.HelpLink | Should -Be (@('about_AsyncJobs_Errors') * 4)
        $theirs = try { await (New-Future -Exception ([IO.IOException]::new('x'))) } catch { $_.Exception }
        $theirs.HelpLink | Should -BeNullOrEmpty
    }

    It '<Id> is that of <Script>' -TestCases $cases {
        # What is only written counts as well; and the block is to run here, not in the scope of discovery.
        $ErrorActionPreference = 'Stop'
        $failure = $null
        try { $null = . ([scriptblock]::Create($Script)) } catch { $failure = $_ }
        ($failure.FullyQualifiedErrorId -split ',')[0] | Should -BeExactly $Id
    }
}
