# The jobs of an administrator under docs/examples/admin do what they say, against servers that start here.

BeforeDiscovery {
    $scripts = Get-ChildItem $PSScriptRoot/../../docs/examples/admin -Filter *.ps1 | ForEach-Object { @{ Name = $_.BaseName } }
}

BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    $folder = Convert-Path "$PSScriptRoot/../../docs/examples/admin"
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1

    # An address that gives one answer after the other: status and object.
    function New-Turn([object[]] $Answer) {
        $number = 0
        $query = $Answer | ForEach-Object {
            $json = ConvertTo-Json $_[1] -Compress -Depth 5
            '{0}={1},{2}' -f $number++, $_[0], [uri]::EscapeDataString([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json)))
        }
        "$($server.BaseUri)/turns?$($query -join '&')"
    }

    # What is wrong with a file of the server's /file, which tells at each place where that is.
    function Get-FileMistake([string] $Path, [int] $Length) {
        $bytes = [IO.File]::ReadAllBytes($Path)
        if ($bytes.Length -ne $Length) { return "$($bytes.Length) bytes" }
        for ($i = 0; $i -lt $Length; $i += 89) {
            if ($bytes[$i] -ne $i % 251) { return "at $i" }
        }
    }

    function New-Folder([string] $Name) { (New-Item -ItemType Directory (Join-Path $TestDrive $Name)).FullName }
}

AfterAll {
    $server.Dispose()
}

Describe 'The examples for administrators' {
    AfterEach {
        Get-AsyncTask | Should -Be $null -Because 'nothing is left running'
    }

    It '<Name> has help, and is in the index with its synopsis' -TestCases $scripts {
        $help = Get-Help "$folder/$Name.ps1" -Full
        $help.Description.Text.Length | Should -BeGreaterThan 100
        $help.examples.example.Count | Should -BeGreaterThan 0
        $undescribed = @($help.parameters.parameter).Where({ $_ -and $_.name -notin 'WhatIf', 'Confirm' -and -not $_.description.Text })
        $undescribed.name | Should -Be $null
        $entry = "- [$Name]($Name.ps1): $($help.Synopsis.Trim())"
        @(Get-Content "$folder/README.md") -contains $entry | Should -BeTrue -Because "it has the entry $entry"
    }

    It 'write what the index shows' {
        Add-Type -Path $PSScriptRoot/../../.build/DemoServer.cs -IgnoreWarnings -WarningAction Ignore
        Import-Module $PSScriptRoot/../Support/CodeBlocks.psm1
        $demo = [DemoServer]::new()
        $port, $closed = ([uri] $demo.BaseAddress).Port, (Get-FreePort)
        Push-Location (New-Folder index)
        try {
            $blocks = @(Get-CodeBlock "$folder/README.md")
            $blocks.Count | Should -BeGreaterThan 3
            foreach ($block in $blocks) {
                $code = $block.Code.Replace('8080', $port).Replace('8123', $closed) -replace '(?m)(?<=^|\| )\./(?=\w+-\w+\.ps1)', "$folder/"
                $written = . ([scriptblock]::Create($code)) | Out-String -Width 120
                Format-Output $written.Replace("$port", '8080').Replace("$closed", '8123') | Should -Be (Format-Output $block.Output) -Because "this was run:`n$code"
            }
        }
        finally {
            Pop-Location
            $demo.Dispose()
        }
    }

    It 'Get-SiteStatus checks 300 addresses, and shows how far it is' {
        $sites = 1..300 | ForEach-Object { "$($server.BaseUri)/$($_ % 100 -eq 0 ? 'hang' : $_ % 10 -eq 0 ? 'status/404' : 'text')?n=$_" }
        $session = New-TestSession
        try {
            $powershell = [powershell]::Create($session).AddCommand("$folder/Get-SiteStatus.ps1").AddParameter('Uri', $sites).AddParameter('TimeoutSec', 3)
            $rows = $powershell.Invoke()
            $powershell.Streams.Progress.Count | Should -BeGreaterThan 0
            $powershell.Streams.Error | Should -Be $null
        }
        finally {
            $powershell.Dispose()
            Remove-TestSession $session
        }

        $rows.Uri | Should -Be $sites
        ($rows | Group-Object Status | Sort-Object { [int] $_.Name } | ForEach-Object { "$($_.Name): $($_.Count)" }) -join ', ' | Should -Be ': 3, 200: 270, 404: 27'
        $rows.Where({ -not $_.Status }).Error | Should -BeLike '*did not end within*'
        $rows[0].Milliseconds | Should -BeGreaterOrEqual 0
    }

    It 'Get-PortStatus tells open ports from closed and silent ones' {
        $open, $full, $closed = 1..3 | ForEach-Object {
            $socket = [Net.Sockets.Socket]::new('InterNetwork', 'Stream', 'Tcp')
            $socket.Bind([Net.IPEndPoint]::new([Net.IPAddress]::Loopback, 0))
            $socket
        }

        # Of these three, one listens, one has its queue full, and one does not listen.
        $open.Listen(1000)
        $full.Listen(0)
        $port = $full.LocalEndPoint.Port
        $queued = 1..8 | ForEach-Object {
            $client = [Net.Sockets.TcpClient]::new()
            $null = $client.ConnectAsync([Net.IPAddress]::Loopback, $port).Wait(200)
            $client
        }
        try {
            $ports = $open.LocalEndPoint.Port, $closed.LocalEndPoint.Port, $port
            $hosts = @(1..100 | ForEach-Object { [pscustomobject]@{ ComputerName = '127.0.0.1' } }; [pscustomobject]@{ ComputerName = 'no such name' })
            $rows = $hosts | & "$folder/Get-PortStatus.ps1" -TcpPort $ports -TimeoutSec 1
            $rows.ComputerName | Should -Be $hosts.ComputerName
            ($rows[0..99] | Select-Object Address, Open, Closed, Silent, Error -Unique | ForEach-Object { "$($_.Address): $($_.Open); $($_.Closed); $($_.Silent); $($_.Error)" }) |
                Should -Be "127.0.0.1: $($ports -join '; '); "
            $rows[100].Error | Should -BeLike "*'no such name'*"
            "$($rows[100].Open)$($rows[100].Address)" | Should -Be ''
        }
        finally {
            $open, $full, $closed + $queued | ForEach-Object Dispose
        }
    }

    It 'Save-Download fetches several files, and gets over a broken connection' {
        $target = New-Folder downloads
        $addresses = @('a', 'b', 'c' | ForEach-Object { "$($server.BaseUri)/file/100000/$_.bin" }; "$($server.BaseUri)/file/50000/broken.bin?drop=2"; "$($server.BaseUri)/status/404/none.bin")
        $results = $addresses | & "$folder/Save-Download.ps1" -Folder $target -MaximumRetryCount 1
        $results.State | Should -Be Completed, Completed, Completed, Completed, Failed
        $results[4].Error | Should -BeLike '*404*'
        Get-FileMistake "$target/a.bin" 100000 | Should -Be $null
        Get-FileMistake "$target/broken.bin" 50000 | Should -Be $null
        (Get-ChildItem $target).Name | Should -Be a.bin, b.bin, broken.bin, c.bin -Because 'what is not whole has another name, and the rest is cleared up'
    }

    It 'Save-Download goes on where a run was broken off, with the same version' {
        # Bytes that are not the server's tell that those which were there are kept.
        $target = New-Folder resumed
        [IO.File]::WriteAllBytes("$target/a.bin.part", [byte[]] (, 7 * 40000))
        Set-Content "$target/a.bin.etag" '"first"' -NoNewline
        $result = & "$folder/Save-Download.ps1" "$($server.BaseUri)/file/100000/a.bin" -Folder $target
        $result.State | Should -Be Completed
        $bytes = [IO.File]::ReadAllBytes($result.File)
        $bytes.Length | Should -Be 100000
        $bytes[0], $bytes[39999] | Should -Be 7, 7
        $bytes[40000..40010] | Should -Be (40000..40010).ForEach{ $_ % 251 }
        $bytes[99999] | Should -Be (99999 % 251)
    }

    It 'Save-Download begins anew with <Scenario>' -TestCases @(
        @{ Scenario = 'another version'; Version = '"older"' }
        @{ Scenario = 'a part of unknown version'; Version = $null }
    ) {
        $target = New-Folder "anew $Scenario"
        [IO.File]::WriteAllBytes("$target/a.bin.part", [byte[]] (, 7 * 40000))
        if ($Version) { Set-Content "$target/a.bin.etag" $Version -NoNewline }
        $result = & "$folder/Save-Download.ps1" "$($server.BaseUri)/file/100000/a.bin" -Folder $target
        Get-FileMistake $result.File 100000 | Should -Be $null
    }

    It 'Wait-Order polls to the end, to a failure, or to the deadline' {
        $addresses = @(
            New-Turn (200, @{ status = 'running' }), (200, @{ status = 'running' }), (200, @{ status = 'succeeded' })
            New-Turn (503, @{ }), (200, @{ status = 'failed' })
            New-Turn @(, (200, @{ status = 'running' }))
            "$($server.BaseUri)/status/404"
        )
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $orders = & "$folder/Wait-Order.ps1" $addresses -DeadlineSec 4 -IntervalSec 0.1 -LongestIntervalSec 0.5
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 30
        $orders.Uri | Should -Be $addresses
        $orders.Status | Should -Be succeeded, failed, Late, Unknown
        $orders[3].Error | Should -BeLike '*404*'
    }

    It 'Get-AccountInvoice reads the pages of five accounts, under a limit and through 429' {
        $accounts = 'north', 'south', 'east', 'west', 'hq'
        $before = $server.RequestCount
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $rows = @(& "$folder/Get-AccountInvoice.ps1" $server.BaseUri $accounts -RequestsPerSecond 10)
        $watch.Elapsed.TotalSeconds | Should -BeGreaterThan 0.9 -Because 'the eleventh page waits for the next second'
        $rows.id | Should -Be @(foreach ($account in $accounts) { foreach ($page in 1..4) { 1..3 | ForEach-Object { "$account-$page-$_" } } })
        $rows.Account | Select-Object -Unique | Should -Be $accounts
        $server.RequestCount - $before | Should -Be 21 -Because 'one was refused, and asked again'
    }

    It 'Get-Inventory asks 200 computers with a blocking function, and keeps failures beside their names' {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Any, 0)
        $listener.Start(512)
        $agent = Start-AsyncTask {
            while ($true) {
                $client = await $listener.AcceptTcpClientAsync()
                $null = Start-AsyncTask {
                    try {
                        $stream = $client.GetStream()
                        $name = await ([IO.StreamReader]::new($stream).ReadLineAsync())
                        if ($name -notlike '*7') {
                            $writer = [IO.StreamWriter]::new($stream)
                            $writer.WriteLine('Linux;8')
                            await $writer.FlushAsync()
                        }
                    }
                    finally {
                        $client.Dispose()
                    }
                }
            }
        }
        $failures = Join-Path $TestDrive failed.csv
        try {
            $names = 1..200 | ForEach-Object { "127.0.0.$_" }
            $rows = $names | & "$folder/Get-Inventory.ps1" -Port $listener.LocalEndpoint.Port -FailurePath $failures -WarningVariable warnings -WarningAction SilentlyContinue
        }
        finally {
            Stop-AsyncTask $agent -Wait
            $listener.Stop()
            Remove-Module AgentTools
        }

        (Import-Csv $failures | Where-Object ComputerName -NotLike *7).Error | Should -Be $null
        $rows.ComputerName | Should -Be $names.Where({ $_ -notlike '*7' })
        $rows[0].Cores | Should -Be 8
        $failed = Import-Csv $failures
        $failed.ComputerName | Should -Be $names.Where({ $_ -like '*7' })
        $failed[0].Error | Should -BeLike '*127.0.0.7 hung up*'
        $failed.Attempts | Select-Object -Unique | Should -Be 3
        "$warnings" | Should -BeLike '20 of 200 computers failed*'
    }

    It 'Update-HostStatus reads 200 hosts, asks them, and writes what came of it in one transaction' {
        Import-Module $PSScriptRoot/../Support/Database.psm1
        $provider = Get-DatabaseProvider Microsoft.Data.Sqlite
        $text = "Data Source=$(Join-Path $TestDrive hosts.db)"
        $source = New-AsyncDbSource $provider $text
        # A port that nobody listens on; and one that takes connections and says nothing.
        $closed = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $closed.Start()
        $silent = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $silent.Start()
        $ports = @(([uri] $server.BaseUri).Port, $closed.LocalEndpoint.Port, $silent.LocalEndpoint.Port)
        $closed.Stop()
        try {
            await (Start-AsyncDbQuery $source 'create table hosts(id integer primary key, name text, port integer); create table results(host_id integer, state text, status integer, length integer, checked_at text)')
            Invoke-AsyncDbTransaction $source {
                $null = 1..200 | ForEach-Object { @{ name = '127.0.0.1'; port = $ports[$_ % 10 -eq 0 ? 2 : $_ % 4 -eq 0 ? 1 : 0] } } |
                    Start-AsyncDbQuery $source 'insert into hosts(name, port) values (@name, @port)' -Transaction $_ | Wait-AsyncGather
            }

            $states = & "$folder/Update-HostStatus.ps1" $provider $text -Page /text -TimeoutSec 3
            $states | ForEach-Object { "$($_.Name): $($_.Count)" } | Should -Be 'no page: 20', 'silent: 40', 'up: 140'
            $rows = await (Start-AsyncDbQuery $source 'select host_id, state, status, length, checked_at from results order by host_id')
            $rows.host_id | Should -Be (1..200)
            $rows[0].state, $rows[0].status, $rows[0].length | Should -Be up, 200, 2
            $rows[3].state, $rows[9].state, $rows[9].status | Should -Be silent, 'no page', $null

            # What a run cannot finish, it leaves as it was.
            await (Start-AsyncDbQuery $source 'create trigger refuse before insert on results when new.host_id = 150 begin select raise(abort, ''no more''); end')
            { & "$folder/Update-HostStatus.ps1" $provider $text -Page /text -TimeoutSec 3 } | Should -Throw -ExpectedMessage '*no more*'
            await (Start-AsyncDbQuery $source 'select count(*) from results' -As Scalar) | Should -Be 200
        }
        finally {
            $silent.Stop()
            $source.Dispose()
        }
    }

    It 'Invoke-Program runs 30 programs, so many at once, and ends one that takes too long' {
        $log = Join-Path $TestDrive programs.log
        $program, $arguments = (Get-Command $(if ($IsWindows) { 'cmd' } else { 'sh' })).Source, @(
            if ($IsWindows) { '/c'; 'if {0}==7 (ping -n 60 127.0.0.1 >nul) & echo out {0}& echo err {0}>&2& exit {0}' }
            else { '-c'; "echo begin >> '$log'; echo out {0}; echo err {0} >&2; if [ {0} = 7 ]; then exec sleep 60; fi; sleep 0.1; echo end >> '$log'; exit {0}" }
        )
        $runs = @(1..30 | & "$folder/Invoke-Program.ps1" $program $arguments -ThrottleLimit 6 -TimeoutSec 5)
        $runs.Input | Should -Be (1..30)
        $runs[6].TimedOut, $runs[6].ExitCode | Should -Be $true, $null
        $others = $runs.Where({ $_.Input -ne 7 })
        $others.ExitCode | Should -Be $others.Input
        $others.Output.Trim() | Should -Be $others.Input.ForEach{ "out $_" }
        $others.ErrorText.Trim() | Should -Be $others.Input.ForEach{ "err $_" }
        if (-not $IsWindows) {
            $running = $most = 0
            Get-Content $log | ForEach-Object { $running += $_ -eq 'begin' ? 1 : -1; $most = [Math]::Max($most, $running) }
            $most | Should -BeLessOrEqual 6
        }
    }

    It 'Watch-Log reports what it has read when Ctrl+C ends it' {
        $log = (New-Item (Join-Path $TestDrive app.log)).FullName
        $summary = Join-Path $TestDrive summary.txt
        $session = New-TestSession
        $before = $server.RequestCount
        $writing = Start-ThreadJob {
            # A line that is written before the tail begins is never seen.
            for ($i = 1; $i -le 400; $i++) { Add-Content $using:log "line $i $($i % 10 -eq 0 ? 'ERROR' : 'ok')"; Start-Sleep -Milliseconds 20 }
        }
        try {
            $powershell = [powershell]::Create($session).AddScript("& '$folder/Watch-Log.ps1' '$log' '$($server.BaseUri)/slow?ms=200' -SummaryPath '$summary'")
            $running = $powershell.BeginInvoke()
            $server.WaitFor({ param($server) $server.RequestCount -ge $before + 3 }) | Should -BeTrue
            $powershell.Stop()
            Wait-Until { $running.IsCompleted }
        }
        finally {
            $powershell.Dispose()
            Remove-TestSession $session
            $writing | Stop-Job -PassThru | Remove-Job
        }

        Get-Content $summary | Should -Match '^\d+ lines read, \d+ reported, 0 lost$'
        $read, $reported, $null = [regex]::Matches((Get-Content $summary), '\d+').Value
        [int] $reported | Should -Be ($server.RequestCount - $before) -Because 'what was begun was finished'
        [int] $read | Should -BeGreaterOrEqual ([int] $reported * 10 - 9)
    }

    It 'Invoke-Runbook ends with <Code>: <Scenario>' -TestCases @(
        @{ Scenario = 'with -WhatIf nothing is removed'; Folders = 'one', 'two'; Options = @('-WhatIf'); Code = 0; Left = 3; Lines = 'one: 0 files removed', 'two: 0 files removed' }
        @{ Scenario = 'all goes well'; Folders = 'one', 'two'; Options = @(); Code = 0; Left = 0; Lines = 'one: 1 files removed', 'two: 2 files removed' }
        @{ Scenario = 'a folder fails'; Folders = 'one', 'missing'; Options = @(); Code = 1; Left = 2; Lines = 'one: 1 files removed', 'missing: FAILED: *' }
        @{ Scenario = 'all folders fail'; Folders = @('missing'); Options = @(); Code = 2; Left = 3; Lines = @('missing: FAILED: *') }
    ) {
        $root = New-Folder ($Scenario -replace '\W')
        foreach ($file in 'one/a', 'two/b', 'two/c') {
            (New-Item "$root/$file" -Force).LastWriteTime = '2020-01-01'
        }
        $null = New-Item "$root/one/fresh"
        $paths = $Folders.ForEach{ "'$root/$_'" } -join ', '
        $module = Convert-Path "$PSScriptRoot/../../output/AsyncJobs"
        $shown = Invoke-PowerShell -Command "Import-Module '$module'; & '$folder/Invoke-Runbook.ps1' -Folder $paths -TranscriptPath '$root/log.txt' $Options; exit `$LASTEXITCODE"
        $LASTEXITCODE | Should -Be $Code
        @(Get-ChildItem $root -File -Recurse -Exclude log.txt, fresh).Count | Should -Be $Left
        $transcript = Get-Content "$root/log.txt" -Raw
        foreach ($line in $Lines) {
            $transcript | Should -BeLike "*/$line*"
            "$shown" | Should -BeLike "*/$line*"
        }
    }

    It 'Mocks.Tests passes' {
        $configuration = "
            Import-Module '$((Get-Module Pester).Path)', '$(Convert-Path "$PSScriptRoot/../../output/AsyncJobs")'
            `$run = Invoke-Pester '$folder/Mocks.Tests.ps1' -PassThru -Output None
            `$run.Containers.ErrorRecord.Exception.Message
            `$run.Failed | ForEach-Object { `$_.ExpandedPath; `$_.ErrorRecord.Exception.Message }
            `$run.Result; `$run.PassedCount"
        Invoke-PowerShell -Command $configuration | Should -Be Passed, 4
    }

    It 'Watch-Folder takes in each file once it is whole' {
        $inbox, $archive = 'inbox', 'archive' | ForEach-Object { New-Folder $_ }
        $writing = Start-ThreadJob {
            1..20 | ForEach-Object { Set-Content "$using:inbox/f$_.txt" "content $($_ % 5)" }
            $growing = [IO.File]::Open("$using:inbox/growing.bin", 'Create', 'Write', 'ReadWrite')
            1..10 | ForEach-Object { $growing.Write([byte[]] (1, 2, 3, 4), 0, 4); $growing.Flush(); Start-Sleep -Milliseconds 200 }
            $growing.Dispose()
        }
        try {
            $rows = @(& "$folder/Watch-Folder.ps1" $inbox $archive -SettleSec 1 -Count 21)
        }
        finally {
            Remove-EveryJob
        }

        $rows.Name | Sort-Object | Should -Be (@(1..20 | ForEach-Object { "f$_.txt" }; 'growing.bin') | Sort-Object)
        $rows.Where({ $_.Name -eq 'growing.bin' }).Length | Should -Be 40
        $rows.Hash | Select-Object -Unique | Should -HaveCount 6
        Get-ChildItem $inbox | Should -Be $null
        (Get-ChildItem $archive).FullName | Sort-Object | Should -Be ($rows.File | Sort-Object)
    }

    It 'Start-LineServer serves 200 clients at once, sends silent ones away, and ends when it is told' {
        $seen = @{ }
        $summary = & "$folder/Start-LineServer.ps1" -Port 0 -IdleSec 20 -OnListening {
            param($port)
            $null = Start-AsyncTask -Name clients {
                $clients = 1..200 | ForEach-Object { [Net.Sockets.TcpClient]::new() }
                await ($clients | ForEach-Object { $_.ConnectAsync('127.0.0.1', $port) })
                $answers = $clients | ForEach-Async -ThrottleLimit 200 {
                    $reader = [IO.StreamReader]::new($_.GetStream())
                    $writer = [IO.StreamWriter]::new($_.GetStream())
                    $writer.AutoFlush = $true
                    foreach ($line in 'hello', 'time') {
                        await $writer.WriteLineAsync($line)
                        await $reader.ReadLineAsync()
                    }
                }
                $seen.Answers = $answers
                $first = $clients[0]
                $writer = [IO.StreamWriter]::new($first.GetStream())
                $writer.AutoFlush = $true
                await $writer.WriteLineAsync('count')
                $seen.Count = await ([IO.StreamReader]::new($first.GetStream()).ReadLineAsync())
                $clients[1..198].ForEach{ $_.Dispose() }
                await $writer.WriteLineAsync('stop')
            }
        }
        $seen.Count | Should -Be 200
        $seen.Answers.Where({ $_ -eq 'HELLO' }).Count | Should -Be 200
        $seen.Answers.Where({ $_ -match '^\d{4}-' }).Count | Should -Be 200
        $summary.MostAtOnce, $summary.Served | Should -Be 200, 200
    }

    It 'Get-FileDigest gives what it gave with ForEach-Object -Parallel' {
        $files = New-Folder files
        1..40 | ForEach-Object { Set-Content "$files/$_.txt" ('content {0}' -f ($_ % 7)) }
        $null = New-Item -ItemType Directory "$files/sub"
        Copy-Item "$files/1.txt" "$files/sub/copy.txt"
        $original = Join-Path $TestDrive Get-FileDigest.Original.ps1
        $text = Get-Content "$folder/Get-FileDigest.ps1" -Raw
        [regex]::Matches(($text -replace '(?s)<#.*?#>'), 'ForEach-Async').Count | Should -Be 1 -Because 'one word has changed'
        Set-Content $original ($text -replace 'ForEach-Async -Throttle', 'ForEach-Object -Parallel -Throttle' -replace '-Parallel (-ThrottleLimit \S+) \{', '$1 -Parallel {')

        $ported = & "$folder/Get-FileDigest.ps1" $files -Algorithm MD5 -ThrottleLimit 3
        $ported.Count | Should -Be 41
        ConvertTo-Json $ported | Should -Be (ConvertTo-Json (& $original $files -Algorithm MD5 -ThrottleLimit 3))
        $ported.Where({ $_.File -eq '1.txt' }).Copies | Should -Be 7
    }
}
