BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs

    function Get-Completion([string] $Line) {
        @((TabExpansion2 $Line $Line.Length).CompletionMatches)
    }
}

Describe 'Argument completion' {
    It 'offers <Expected> for: <Line>' -TestCases @(
        @{ Line = 'Start-AsyncRestMethod -CustomMethod pro'; Expected = 'PROPFIND', 'PROPPATCH' }
        @{ Line = 'Start-AsyncRestMethod -ContentType application/js'; Expected = 'application/json', 'application/json-patch+json' }
        @{ Line = "Start-AsyncWebRequest -ContentType 'text/c"; Expected = 'text/csv' }
        @{ Line = 'Start-AsyncDownload -HttpVersion 2'; Expected = '2.0' }
        @{ Line = 'Start-AsyncWebRequest -UserAgent fi'; Expected = '([Microsoft.PowerShell.Commands.PSUserAgent]::FireFox)' }
        @{ Line = 'Start-AsyncConnectionTest localhost -TcpPort 338'; Expected = '3389' }
        @{ Line = 'Start-AsyncConnectionTest localhost -TcpPort postg'; Expected = '5432' }
        @{ Line = 'New-AsyncDbSource npg'; Expected = 'Npgsql' }
        @{ Line = 'New-AsyncDbSource -Provider Microsoft.Data.Sq'; Expected = 'Microsoft.Data.SqlClient', 'Microsoft.Data.Sqlite' }
        @{ Line = 'Start-AsyncDbQuery $db "select * from t where id = @id and name = @name or id > @ID" -Parameters '; Expected = '@{ id = $id; name = $name }' }
        @{ Line = 'Start-AsyncFileHash -Algorithm sha5'; Expected = 'SHA512' }
        @{ Line = 'Start-AsyncFileRead -Encoding utf8n'; Expected = 'utf8NoBOM' }
        @{ Line = 'Get-AsyncTask -State fa'; Expected = 'Failed' }
        @{ Line = 'New-AsyncQueue -Kind pri'; Expected = 'Priority' }
        @{ Line = 'Start-AsyncTask -Backoff exp'; Expected = 'Exponential' }
        @{ Line = 'Start-AsyncRestMethod -SslProtocol tls13'; Expected = 'Tls13' }
        @{ Line = 'Start-AsyncRestMethod -TransferEncoding ch'; Expected = 'chunked' }
        @{ Line = 'Invoke-AsyncDbTransaction -IsolationLevel seri'; Expected = 'Serializable' }
        @{ Line = 'Start-AsyncDbQuery -As sc'; Expected = 'Scalar' }
        @{ Line = 'Start-AsyncRestMethod -Authentication be'; Expected = 'Bearer' }
    ) {
        (Get-Completion $Line).CompletionText.Trim("'") | Should -Be $Expected
    }

    It 'offers the events of <What>' -TestCases @(
        @{ What = 'an object'; Line = 'Wait-AsyncObjectEvent $timer '; Expected = 'Disposed', 'Elapsed' }
        @{ What = 'an object, by what was typed'; Line = 'Register-AsyncObjectEvent -InputObject $timer -EventName el'; Expected = 'Elapsed' }
        @{ What = 'a type'; Line = 'Wait-AsyncObjectEvent ([Console]) canc'; Expected = 'CancelKeyPress' }
    ) {
        $global:timer = [Timers.Timer]::new()
        try { (Get-Completion $Line).CompletionText | Should -Be $Expected }
        finally {
            $timer.Dispose()
            Remove-Variable timer -Scope Global
        }
    }

    It 'offers no event where there is no object' {
        (Get-Completion 'Wait-AsyncObjectEvent $nothing el').ToolTip | Should -Not -Contain 'System.Timers.ElapsedEventHandler Elapsed'
    }

    It 'offers names of shared semaphores, in quotes where they need them' {
        $name = "shared $(New-Guid)"
        $kept = New-AsyncSemaphore 3 -Name $name
        (Get-Completion "New-AsyncSemaphore 3 -Name 'shared").CompletionText | Should -Contain "'$name'"
        $kept.Name | Should -Be $name
    }

    It 'offers programs, and files' {
        $program = $IsWindows ? 'whoami' : 'cat'
        (Get-Completion "Start-AsyncProcess $program").ListItemText | Should -Contain ($IsWindows ? 'whoami.exe' : 'cat')
        Set-Content "$TestDrive/own program.sh" x
        (Get-Completion "Start-AsyncProcess '$TestDrive/own").CompletionText | Should -Match 'own program\.sh'
    }

    It 'offers assembly files and folders for a provider, and no other file' {
        $null = New-Item "$TestDrive/providers/inner" -ItemType Directory
        Set-Content "$TestDrive/providers/Own.Provider.dll", "$TestDrive/providers/Own.txt" x
        $offered = (Get-Completion "New-AsyncDbSource $TestDrive/providers/").ListItemText
        $offered | Should -Be 'inner', 'Own.Provider.dll'
    }

    It 'offers registered providers' {
        $factory = [Data.Common.DbProviderFactories]
        $factory::RegisterFactory('Registered.For.Test', 'Some.Factory, Some')
        try { (Get-Completion 'New-AsyncDbSource reg').CompletionText | Should -Be 'Registered.For.Test' }
        finally { $null = $factory::UnregisterFactory('Registered.For.Test') }
    }

    It 'offers variables that hold <What>' -TestCases @(
        @{ What = 'a lock'; Line = 'Enter-AsyncLock '; Name = 'lock' }
        @{ What = 'a lock, by what was typed'; Line = 'Use-AsyncLock complL'; Name = 'lock' }
        @{ What = 'a semaphore'; Line = 'Start-AsyncSleep 1 -Semaphore '; Name = 'semaphore' }
        @{ What = 'a rate limiter'; Line = 'Enter-AsyncRateLimiter '; Name = 'limiter' }
        @{ What = 'an event'; Line = 'Set-AsyncEvent '; Name = 'event' }
        @{ What = 'a condition'; Line = 'Wait-AsyncCondition '; Name = 'condition' }
        @{ What = 'a barrier'; Line = 'Wait-AsyncBarrier '; Name = 'barrier' }
        @{ What = 'a queue'; Line = 'Receive-AsyncQueueItem -Queue '; Name = 'queue' }
        @{ What = 'a task'; Line = 'await '; Name = 'task', 'tasks', 'future' }
        @{ What = 'a task to stop'; Line = 'Stop-AsyncTask -Task '; Name = 'task', 'tasks', 'future' }
        @{ What = 'a task to watch'; Line = 'Watch-AsyncTask '; Name = 'task', 'tasks' }
        @{ What = 'a future'; Line = 'Complete-Future '; Name = 'task', 'tasks', 'future' }
    ) {
        $values = @{
            lock = New-AsyncLock; semaphore = New-AsyncSemaphore 1; limiter = New-AsyncRateLimiter 1 -Window 00:00:01; event = New-AsyncEvent
            condition = New-AsyncCondition; barrier = New-AsyncBarrier 2; queue = New-AsyncQueue; task = Start-AsyncSleep 0
            tasks = @(Start-AsyncSleep 0; Start-AsyncSleep 0); future = New-Future; text = 'text'; empty = @(); nothing = $null
        }
        try {
            $values.GetEnumerator() | ForEach-Object { Set-Variable "compl$($_.Key)" $_.Value -Scope Global }
            $offered = @((Get-Completion $Line).CompletionText) -like '$compl*' | Sort-Object
            $offered | Should -Be ($Name | ForEach-Object { "`$compl$_" } | Sort-Object)
        }
        finally {
            Remove-Variable compl* -Scope Global
        }
    }

    It 'offers certificates of the user by thumbprint, where there are any, and fails nowhere' {
        { Get-Completion 'Start-AsyncRestMethod -CertificateThumbprint ' } | Should -Not -Throw
    }
}
