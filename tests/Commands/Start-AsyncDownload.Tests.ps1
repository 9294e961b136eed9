BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Import-Module $PSScriptRoot/../Support/Interruption.psm1

    # What the server's file of this length holds.
    function Get-Expected([int] $Size, [string] $Tag = '"one"') {
        -join (0..($Size - 1) | ForEach-Object { [char](97 + ($_ + $Tag.Length) % 26) })
    }
}

Describe 'Start-AsyncDownload' {
    BeforeEach {
        $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
        $base = $server.BaseUri
        $folder = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
    }

    AfterEach {
        $server.Dispose()
    }

    Context 'names' {
        It 'puts files into a folder, named after their addresses, and tells of each' {
            $files = 'one', 'two' | ForEach-Object { "$base/download/$_.bin?size=100" } | Start-AsyncDownload -Destination $folder | Wait-AsyncGather
            $files | Should -BeOfType AsyncJobs.DownloadedFile
            $files.Path | Should -Be (Join-Path $folder one.bin), (Join-Path $folder two.bin)
            $files | ForEach-Object Length | Should -Be 100, 100
            $files.ReceivedLength | Should -Be 100, 100
            (Get-ChildItem $folder -Force).Name | Should -Be one.bin, two.bin
            Get-Content $folder/one.bin -Raw | Should -BeExactly (Get-Expected 100)
            (Get-Item $folder/one.bin).LastWriteTimeUtc | Should -Be ([datetime]::new(2020, 11, 2, 10, 0, 0, [DateTimeKind]::Utc))
        }

        It 'takes the name of a file, one for each address, and the current folder' {
            $null = Start-AsyncDownload "$base/download/x" "$folder/named.bin" | Wait-AsyncTask
            $null = 1..2 | ForEach-Object { "$base/download/x?$_" } | Start-AsyncDownload -Destination { "$folder/of $($_[-1]).bin" } | Wait-AsyncGather
            $null = [pscustomobject]@{ Uri = "$base/download/x"; Destination = "$folder/new/" } | Start-AsyncDownload | Wait-AsyncTask
            Push-Location $folder
            try {
                $null = Start-AsyncDownload "$base/redirect/download/here" | Wait-AsyncTask
            } finally {
                Pop-Location
            }
            (Get-ChildItem $folder -Recurse -File -Force).Name | Sort-Object | Should -Be here, named.bin, 'of 1.bin', 'of 2.bin', x
        }

        It 'takes the server''s name where asked, and nothing but a name: <Given>' -TestCases @(
            @{ Given = 'tool.zip'; Name = 'tool.zip' }
            @{ Given = '../../../etc/tool.zip'; Name = 'tool.zip' }
            @{ Given = '..\..\tool.zip'; Name = 'tool.zip' }
            @{ Given = '..'; Name = 'latest' }
        ) {
            $uri = "$base/download/latest?as=$([uri]::EscapeDataString($Given))"
            (Start-AsyncDownload $uri $folder -UseServerName | Wait-AsyncTask).Path | Should -Be (Join-Path $folder $Name)
            (Get-ChildItem $folder -Force).Name | Should -Be $Name
        }

        It 'reads the server''s name as UTF-8 where it is that: <Name>' -TestCases @(
            @{ Bytes = [Text.Encoding]::UTF8.GetBytes('Größe €.txt'); Name = 'Größe €.txt' }
            @{ Bytes = [Text.Encoding]::Latin1.GetBytes('Größe.txt'); Name = 'Größe.txt' }
        ) {
            $head = "HTTP/1.1 200 OK`r`nContent-Disposition: attachment; filename=`"$(-join $Bytes.ForEach([char]))`"`r`n"
            $uri = $server.UriOfAnswer("${head}Content-Length: 1`r`n`r`nx")
            (Start-AsyncDownload $uri $folder -UseServerName | Wait-AsyncTask).Path | Should -Be (Join-Path $folder $Name)
        }

        It 'refuses to write two downloads of one command to one file' {
            $results = "$base/download/a/x", "$base/download/b/x" | Start-AsyncDownload -Destination $folder | Wait-AsyncGather -ReturnExceptions
            @($results | Where-Object { $_ -is [AsyncJobs.FileExistsException] }).Count | Should -Be 1
            (Get-ChildItem $folder -Force).Name | Should -Be x
        }
    }

    Context 'going on' {
        It 'fetches the rest only, run again: <Case>' -TestCases @(
            @{ Case = 'by the tag'; Tag = '"one"'; Date = '' }
            @{ Case = 'by the date'; Tag = ''; Date = 'Mon, 02 Nov 2020 10:00:00 GMT' }
        ) {
            $server.FileTag = $Tag
            $server.FileDate = $Date
            $uri = "$base/download/x.bin?size=1000&cut=400"
            { Start-AsyncDownload $uri $folder | Wait-AsyncTask } | Should -Throw -ErrorId WebResponseEnded*
            Test-Path $folder/x.bin | Should -BeFalse
            $file = Start-AsyncDownload $uri $folder | Wait-AsyncTask
            $file.IsResumed | Should -BeTrue
            $file.ReceivedLength | Should -Be 600
            Get-Content $folder/x.bin -Raw | Should -BeExactly (Get-Expected 1000 $Tag)
            (Get-ChildItem $folder -Force).Name | Should -Be x.bin
        }

        It 'goes on within a task that tries again' {
            $task = Start-AsyncDownload "$base/download/x.bin?size=1000&cut=400" $folder -MaximumRetryCount 2 -RetryIntervalSec 0.01
            (Wait-AsyncTask $task).ReceivedLength | Should -Be 600
            $task.Attempts | Should -Be 2
            Get-Content $folder/x.bin -Raw | Should -BeExactly (Get-Expected 1000)
        }

        It 'goes on after a stop' {
            $uri = "$base/download/x.bin?size=1000&cut=400&hang=1"
            $task = Start-AsyncDownload $uri $folder
            Wait-Until { Get-ChildItem $folder -Force -Filter *.part | Where-Object Length -EQ 400 }
            Stop-AsyncTask $task -Wait
            (Start-AsyncDownload $uri $folder | Wait-AsyncTask).ReceivedLength | Should -Be 600
        }

        It 'begins anew where the file has changed' {
            $uri = "$base/download/x.bin?size=1000&cut=400"
            { Start-AsyncDownload $uri $folder | Wait-AsyncTask } | Should -Throw
            $server.FileTag = '"another"'
            $file = Start-AsyncDownload $uri $folder | Wait-AsyncTask
            $file.IsResumed | Should -BeFalse
            Get-Content $folder/x.bin -Raw | Should -BeExactly (Get-Expected 1000 '"another"')
        }

        It 'leaves nothing where nothing could confirm that the rest belongs to it: <Tag>' -TestCases @(
            @{ Tag = '' }
            @{ Tag = 'W/"weak"' }
        ) {
            $server.FileTag = $Tag
            $server.FileDate = ''
            { Start-AsyncDownload "$base/download/x.bin?size=1000&cut=400" $folder | Wait-AsyncTask } | Should -Throw
            Get-ChildItem $folder -Force | Should -BeNullOrEmpty
        }

        It 'does not take the part of another file for the rest' {
            $uri = "$base/download/x.bin?size=1000&cut=400&wrong=1"
            { Start-AsyncDownload $uri $folder | Wait-AsyncTask } | Should -Throw
            { Start-AsyncDownload $uri $folder | Wait-AsyncTask } | Should -Throw -ErrorId WebResponseInvalid*
            Get-ChildItem $folder -Force | Should -BeNullOrEmpty
        }

        It 'does not follow a link that stands in the place of a part' -Skip:$IsWindows {
            $uri = "$base/download/x.bin?size=1000&cut=400"
            { Start-AsyncDownload $uri $folder | Wait-AsyncTask } | Should -Throw
            $part = (Get-ChildItem $folder -Force -Filter *.part).FullName
            Remove-Item $part -Force
            Set-Content $TestDrive/secret 0123456789 -NoNewline
            $null = New-Item -ItemType SymbolicLink $part -Target "$TestDrive/secret"
            $null = Start-AsyncDownload $uri $folder | Wait-AsyncTask
            Get-Content $TestDrive/secret -Raw | Should -Be 0123456789
            Get-Content $folder/x.bin -Raw | Should -BeExactly (Get-Expected 1000)
        }
    }

    Context 'files that are there' {
        It 'are not fetched again unless they have changed, or -Force is given' {
            $uri = "$base/download/x.bin?size=100"
            $null = Start-AsyncDownload $uri $folder | Wait-AsyncTask
            $again = Start-AsyncDownload $uri $folder | Wait-AsyncTask
            $again.IsUnchanged | Should -BeTrue
            $again.ReceivedLength | Should -Be 0
            (Start-AsyncDownload $uri $folder -Force | Wait-AsyncTask).ReceivedLength | Should -Be 100
            $server.FileDate = 'Tue, 03 Nov 2020 10:00:00 GMT'
            (Start-AsyncDownload $uri $folder | Wait-AsyncTask).ReceivedLength | Should -Be 100
        }

        It 'are replaced in one step, and never more open than before' -Skip:$IsWindows {
            Set-Content $folder/x.bin old
            chmod 640 $folder/x.bin
            { Start-AsyncDownload "$base/download/x.bin?size=1000&cut=400" $folder -Force | Wait-AsyncTask } | Should -Throw
            Get-Content $folder/x.bin | Should -Be old
            (Get-ChildItem $folder -Force -Filter *.part).UnixFileMode | Should -Be 'UserWrite, UserRead'
            $null = Start-AsyncDownload "$base/download/x.bin?size=1000&cut=400" $folder -Force | Wait-AsyncTask
            (Get-Item $folder/x.bin).UnixFileMode | Should -Be 'GroupRead, UserWrite, UserRead'
        }
    }

    Context '-Hash' {
        It 'is that of the file, by any algorithm: <Algorithm>' -TestCases @(
            @{ Algorithm = 'MD5' }
            @{ Algorithm = 'SHA1' }
            @{ Algorithm = 'SHA256' }
            @{ Algorithm = 'SHA384' }
            @{ Algorithm = 'SHA512' }
        ) {
            $stream = [IO.MemoryStream]::new([Text.Encoding]::ASCII.GetBytes((Get-Expected 1000)))
            $hash = (Get-FileHash -InputStream $stream -Algorithm $Algorithm).Hash
            $null = [pscustomobject]@{ Uri = "$base/download/x.bin?size=1000"; Hash = $hash } | Start-AsyncDownload -Destination $folder | Wait-AsyncTask

            # Known to be the right one without asking.
            $count = $server.RequestCount
            (Start-AsyncDownload "$base/download/x.bin?size=1000" $folder -Hash $hash.ToLower() | Wait-AsyncTask).IsUnchanged | Should -BeTrue
            $server.RequestCount | Should -Be $count
        }

        It 'throws away what has another, and keeps the file that was there' {
            Set-Content $folder/x.bin old
            $failure = Get-Failure { Start-AsyncDownload "$base/download/x.bin?size=1000" $folder -Hash ('0' * 64) | Wait-AsyncTask }
            $failure.FullyQualifiedErrorId | Should -BeLike DownloadHashMismatch*
            Get-Content $folder/x.bin | Should -Be old
            (Get-ChildItem $folder -Force).Name | Should -Be x.bin
        }

        It 'that is none fails its own task' {
            { Start-AsyncDownload "$base/download/x" $folder -Hash nonsense | Wait-AsyncTask } | Should -Throw -ErrorId InvalidArgument*
        }
    }

    It 'fails with what the server answers, and leaves nothing' {
        { Start-AsyncDownload $base/status/404 $folder | Wait-AsyncTask } | Should -Throw -ErrorId WebCmdletWebResponseException*
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'shows one bar in bytes for all its files' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript({
                param($module, $base, $folder)
                Import-Module $module
                1..3 | ForEach-Object { "$base/pieces?n=$_&type=a/b&ms=150&body=$([Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes("x`0y`0z`0u`0v`0w")))" } |
                    Start-AsyncDownload -Destination { "$folder/$($_ -replace '.*n=(\d).*', '$1')" } | Wait-AsyncTask
            }).AddArgument("$PSScriptRoot/../../output/AsyncJobs").AddArgument($base).AddArgument($folder)
            $null = $shell.Invoke()
            $bar = @($shell.Streams.Progress | Where-Object Activity -EQ Downloading)
            @($bar.ActivityId | Select-Object -Unique).Count | Should -Be 1
            $bar[0].StatusDescription | Should -Match '^[\d.]+ B of .* of 3 files$'
            $bar[-1].RecordType | Should -Be Completed
        } finally {
            $shell.Dispose()
        }
    }
}
