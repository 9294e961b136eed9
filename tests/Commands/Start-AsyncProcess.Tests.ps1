BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    Import-Module $PSScriptRoot/../Support/OwnProcess.psm1

    function Start-Shell {
        <# A task that runs a script of sh. #>
        param([string] $Script, [hashtable] $With = @{})
        Start-AsyncProcess sh -ArgumentList '-c', $Script @With
    }

    function Invoke-Shell {
        <# What a script of sh comes to. #>
        param([string] $Script, [hashtable] $With = @{})
        await (Start-Shell $Script $With) -TimeoutSec 60
    }

    function Get-Sleeper {
        <# The processes that sleep for a number of seconds that only this test has. #>
        param([int] $Seconds)
        Get-Process sleep -ErrorAction Ignore | Where-Object { $_.CommandLine -like "*sleep $Seconds" }
    }
}

# The programs are those of a Unix.
Describe 'Start-AsyncProcess' -Skip:$IsWindows {
    BeforeEach {
        $dir = Join-Path $TestDrive ([guid]::NewGuid())
        $null = New-Item -ItemType Directory $dir
    }

    Context 'The result' {
        It 'has exit code, output and error stream' {
            $before = [datetime]::Now.AddSeconds(-1)
            $result = Invoke-Shell 'echo out; echo err >&2; exit 3'
            $result | Should -BeOfType ([AsyncJobs.ProcessResult])
            $result.ExitCode, $result.IsSuccess, $result.Output, $result.Error | Should -Be 3, $false, 'out', 'err'
            $result.Id | Should -BeGreaterThan 1
            $result.StartTime | Should -BeGreaterThan $before
            $result.Duration | Should -BeGreaterThan ([timespan]::Zero)
            $result.IsOutputComplete | Should -BeTrue
            $result.FilePath | Should -Be (Get-Command sh -CommandType Application)[0].Source
            $result.ArgumentList[0] | Should -Be '-c'
            "$result" | Should -Be 'sh: exit code 3'
        }

        It 'gives the lines of <_> as assigning the program does' -ForEach @(
            '', 'one', 'one\n', 'one\n\ntwo\n\n', 'a\rb\r\nc\r\r\n\n', '\n', 'ä€\n', 'a\377\376b\n', '\357\273\277marked\n', 'a\000b\n'
        ) {
            $expected = & printf $_
            $output = (await (Start-AsyncProcess printf $_) -TimeoutSec 60).Output
            ConvertTo-Json $output | Should -BeExactly (ConvertTo-Json $expected)
        }

        It 'gives output and error stream as they were written with -Raw' {
            $result = Invoke-Shell 'printf "a\r\n\nb"; printf "e\n" >&2' @{ Raw = $true }
            $result.Output, $result.Error | Should -BeExactly "a`r`n`nb", "e`n"
            (Invoke-Shell true @{ Raw = $true }).Output | Should -BeExactly ''
        }

        It 'gives every byte with -AsByteStream, and the error stream as text' {
            [IO.File]::WriteAllBytes("$dir/all", [byte[]](0..255))
            $result = Invoke-Shell "cat '$dir/all'; echo err >&2" @{ AsByteStream = $true }
            , $result.Output | Should -BeOfType ([byte[]])
            $result.Output | Should -Be (0..255)
            $result.Error | Should -Be 'err'
        }

        It 'is shown by its exit code and the first lines' {
            $shown = Invoke-Shell 'echo one; echo two; echo bad >&2; exit 9' | Out-String -Width 120
            $shown | Should -Match "9 +\d+.\d\d\d s sh +one$([char]0x2026) +bad"
        }

        It 'decodes as PowerShell does, or as -Encoding says' {
            $encoding = [Console]::OutputEncoding
            try {
                [Console]::OutputEncoding = [Text.Encoding]::Latin1
                (await (Start-AsyncProcess printf 'a\344') -TimeoutSec 60).Output | Should -BeExactly (& printf 'a\344')
            }
            finally {
                [Console]::OutputEncoding = $encoding
            }

            (await (Start-AsyncProcess printf 'a\344' -Encoding latin1) -TimeoutSec 60).Output | Should -BeExactly 'aä'
        }

        It 'gives 100 MB, and never waits for itself while both streams are full' {
            $result = Invoke-Shell 'head -c 100000000 /dev/zero; head -c 10000000 /dev/zero | tr "\0" "\n" >&2' @{ AsByteStream = $true }
            $result.Output.Length, $result.Error.Count | Should -Be 100000000, 10000000
        }

        It 'tells of a program that a signal has ended' {
            (Invoke-Shell 'kill -9 $$').ExitCode | Should -Be 137
        }
    }

    Context 'Arguments' {
        It 'passes <Scenario> as a call of PowerShell does' -ForEach @(
            @{ Scenario = 'quotes'; Values = 'say "it"', "it's", '"', "''", '\"', '"a b" c' }
            @{ Scenario = 'backslashes'; Values = 'a\b', 'a\', 'a b\', '\\', '\\"x\\' }
            @{ Scenario = 'empty strings'; Values = '', 'a', '', '' }
            @{ Scenario = 'white space'; Values = ' ', "`t", "two`nlines", "a`r`nb", ' a ' }
            @{ Scenario = 'signs of shells'; Values = '$HOME', '`id`', '$(id)', '&', '|', ';', '>', '%PATH%', '^', '!', '{a,b}', '#', '=', '(' }
            @{ Scenario = 'dashes and colons'; Values = '-a', '--long=x', '-a:b', '--', '-', '/c' }
            @{ Scenario = 'other scripts'; Values = 'ä', '€', '日本', '😀', "e$([char]0x301)" }
            @{ Scenario = 'numbers'; Values = 1, 2.5, 1e20, -3, 10kb, 0x10, 1.50d, [double]::NaN }
            @{ Scenario = 'other values'; Values = $true, [datetime]'2026-11-30', [char]'x', [DayOfWeek]::Friday, [version]'1.2', [guid]::Empty, [timespan]'1:00' }
            @{ Scenario = 'objects'; Values = [pscustomobject]@{ a = 1 }, @{ a = 1 }, (Get-Item /bin) }
            @{ Scenario = 'null'; Values = 'a', $null, 'b' }
        ) {
            $write = 'printf "%s\0" "$@" > "$OUT"'
            $env:OUT = "$dir/ours"
            (await (Start-AsyncProcess sh -ArgumentList (@('-c', $write, 'sh') + $Values)) -TimeoutSec 60).ExitCode | Should -Be 0
            $env:OUT = "$dir/theirs"
            & sh -c $write sh @Values
            Remove-Item Env:OUT
            [IO.File]::ReadAllText("$dir/ours") | Should -BeExactly ([IO.File]::ReadAllText("$dir/theirs"))
        }

        It 'passes wildcards, homes and what ends parsing as they are' {
            $values = '*', '/bin/*', '[ab]', '~', '~/x', '--%', '?'
            (await (Start-AsyncProcess printf (@('<%s>') + $values)) -TimeoutSec 60).Output | Should -BeExactly "<$($values -join '><')>"
        }

        It 'makes an argument of each element of a list among them' {
            (await (Start-AsyncProcess printf '<%s>', (1..3), ([Collections.Generic.List[object]]@('x', 4))) -TimeoutSec 60).Output |
                Should -Be '<1><2><3><x><4>'
        }

        It 'passes none for none' {
            (await (Start-AsyncProcess echo) -TimeoutSec 60).Output | Should -BeExactly ''
            (await (Start-AsyncProcess echo @()) -TimeoutSec 60).Output | Should -BeExactly ''
            (await (Start-AsyncProcess echo $null) -TimeoutSec 60).Output | Should -BeExactly ''
        }

        It 'refuses a character that would cut it off' {
            $failure = Get-Failure { Start-AsyncProcess echo "a`0b" }
            $failure.FullyQualifiedErrorId | Should -Be 'InvalidArgument,AsyncJobs.StartAsyncProcessCommand'
            "$failure" | Should -BeLike '*ArgumentList*code 0*'
        }
    }

    Context 'Looking for the program' {
        BeforeEach {
            Set-Content "$dir/tool" "#!/bin/sh`necho tool `$0"
            Set-Content "$dir/plain" 'no program'
            Set-Content "$dir/script.ps1" '"script"'
            & chmod +x $dir/tool $dir/script.ps1
        }

        It 'finds it in the $env:PATH of the session' {
            $path = $env:PATH
            try {
                $env:PATH = "$dir$([IO.Path]::PathSeparator)$path"
                (await (Start-AsyncProcess tool) -TimeoutSec 60).Output | Should -Be "tool $dir/tool"
            }
            finally {
                $env:PATH = $path
            }
        }

        It 'finds <Name> from the current location, whatever folder the process is in' -ForEach @(
            @{ Name = './tool' }, @{ Name = 'sub/../tool' }, @{ Name = 'TestDrive:/{0}/tool' }
        ) {
            Push-Location $dir
            try {
                $null = New-Item -ItemType Directory sub
                (await (Start-AsyncProcess ($Name -f (Split-Path $dir -Leaf))) -TimeoutSec 60).Output | Should -BeLike 'tool */tool'
            }
            finally {
                Pop-Location
            }
        }

        It 'refuses <Scenario>' -ForEach @(
            @{ Scenario = 'what there is not'; Name = 'no-such-program'; Id = 'ProgramNotFound'; Text = "*no program 'no-such-program'*" }
            @{ Scenario = 'a path that there is not'; Name = './no/such'; Id = 'ProgramNotFound'; Text = "*no program './no/such'*" }
            @{ Scenario = 'a folder'; Name = '{0}'; Id = 'ProgramNotFound'; Text = '*no program*' }
            @{ Scenario = 'a program beside the script without its path'; Name = 'tool'; Id = 'ProgramNotFound'; Text = "*no program 'tool'*" }
            @{ Scenario = 'a script of PowerShell'; Name = '{0}/script.ps1'; Id = 'NotProgram'; Text = '*script.ps1*Start-AsyncTask -FilePath*' }
            @{ Scenario = 'a cmdlet'; Name = 'Get-Date'; Id = 'NotProgram'; Text = "*'Get-Date'*Cmdlet*Start-AsyncTask*" }
            @{ Scenario = 'an alias'; Name = 'gci'; Id = 'NotProgram'; Text = "*'gci'*Alias*" }
        ) {
            Push-Location $dir
            $failure = Get-Failure { Start-AsyncProcess ($Name -f $dir) }
            Pop-Location
            $failure.FullyQualifiedErrorId | Should -Be "$Id,AsyncJobs.StartAsyncProcessCommand"
            "$failure" | Should -BeLike $Text
        }

        It 'fails the task where the system does not start it' {
            $failure = Get-Failure { await (Start-AsyncProcess $dir/plain) -TimeoutSec 60 }
            $failure.FullyQualifiedErrorId | Should -Be 'ProgramNotStarted'
            $failure.Exception | Should -BeOfType ([AsyncJobs.ProcessStartException])
            "$failure" | Should -BeLike "*$dir/plain*ermission denied*"
        }

        It 'starts nothing with -WhatIf' {
            Start-AsyncProcess touch "$dir/made" -WhatIf | Should -Be $null
            "$dir/made" | Should -Not -Exist
        }
    }

    Context 'Folder and environment' {
        It 'runs where the session is, or in -WorkingDirectory' {
            Push-Location $dir
            try {
                (await (Start-AsyncProcess pwd) -TimeoutSec 60).Output | Should -Be (Convert-Path $dir)
                Set-Location Env:
                (await (Start-AsyncProcess pwd) -TimeoutSec 60).Output | Should -Be (Convert-Path $dir)
            }
            finally {
                Pop-Location
            }

            (await (Start-AsyncProcess pwd -WorkingDirectory TestDrive:/) -TimeoutSec 60).Output | Should -Be (Convert-Path TestDrive:/).TrimEnd('/')
        }

        It 'refuses a folder that there is not' {
            $failure = Get-Failure { Start-AsyncProcess pwd -WorkingDirectory $dir/nowhere }
            $failure.FullyQualifiedErrorId | Should -Be 'FileNotFound,AsyncJobs.StartAsyncProcessCommand'
            "$failure" | Should -BeLike "*WorkingDirectory*$dir/nowhere*"
        }

        It 'adds variables, replaces them, and takes them away' {
            $env:ASYNC_ONE = 'one'; $env:ASYNC_TWO = 'two'
            $task = Start-Shell 'echo "${ASYNC_ONE-none} ${ASYNC_TWO-none} ${ASYNC_THREE-none} ${ASYNC_FOUR-none}"' @{
                Environment = @{ ASYNC_ONE = $null; ASYNC_THREE = 3; ASYNC_FOUR = '' }
            }
            Remove-Item Env:ASYNC_ONE, Env:ASYNC_TWO
            (await $task -TimeoutSec 60).Output | Should -BeExactly 'none two 3 '
        }

        It 'refuses the name <_>' -ForEach '', 'a=b', "a`0" {
            $name = $_
            (Get-Failure { Start-AsyncProcess env -Environment @{ $name = 1 } }).FullyQualifiedErrorId |
                Should -Be 'InvalidArgument,AsyncJobs.StartAsyncProcessCommand'
        }
    }

    Context 'Input' {
        It 'is <Scenario>' -ForEach @(
            @{ Scenario = 'nothing, and ended, unless given'; Value = $null; Expected = '' }
            @{ Scenario = 'text with an end of line'; Value = 'one'; Expected = "one`n" }
            @{ Scenario = 'text that has one, as it is'; Value = "one`ntwo`n"; Expected = "one`ntwo`n" }
            @{ Scenario = 'lines'; Value = 'one', '', 'drei ä€'; Expected = "one`n`ndrei ä€`n" }
            @{ Scenario = 'numbers by their text'; Value = 1, 2.5; Expected = "1`n2.5`n" }
            @{ Scenario = 'bytes'; Value = [byte[]](97, 0, 98); Expected = "a`0b" }
            @{ Scenario = 'bytes one by one, among text'; Value = 'x', [byte]97, [byte]98, 'y'; Expected = "x`naby`n" }
            @{ Scenario = 'a list in a list'; Value = 'a', ('b', 'c'); Expected = "a`nb`nc`n" }
        ) {
            (await (Start-AsyncProcess cat -InputObject $Value -Raw) -TimeoutSec 60).Output | Should -BeExactly $Expected
        }

        It 'ends no line with -NoNewline' {
            (await (Start-AsyncProcess cat -InputObject 'one', 'two' -NoNewline -Raw) -TimeoutSec 60).Output | Should -BeExactly 'onetwo'
        }

        It 'is what files and streams contain, in order' {
            Set-Content $dir/in 'of a file'
            $stream = [IO.MemoryStream]::new([byte[]](97, 98))
            (await (Start-AsyncProcess cat -InputObject (Get-Item $dir/in), $stream, 'text' -Raw) -TimeoutSec 60).Output |
                Should -BeExactly "of a file`nabtext`n"
        }

        It 'is the output of other tasks and awaitables' {
            $later = New-Future
            $task = Start-AsyncProcess sort -InputObject (Start-AsyncProcess printf 'c\na\n'), $later, (async { 'd'; await (Start-AsyncSleep 0.01); 'b' })
            $task.State | Should -Be Running
            Complete-Future $later -Result 'e'
            (await $task -TimeoutSec 60).Output | Should -Be 'a', 'b', 'c', 'd', 'e'
        }

        It 'passes bytes on from one program to the next' {
            [byte[]] $bytes = (0..255) * 4
            $packed = Start-AsyncProcess gzip -ArgumentList '-c' -InputObject $bytes -AsByteStream
            (await (Start-AsyncProcess gzip -ArgumentList '-dc' -InputObject $packed -AsByteStream) -TimeoutSec 60).Output | Should -Be $bytes
        }

        It 'fails where the task fails, with its error, and ends the program' {
            $seconds = Get-Random -Minimum 100000
            $task = Start-Shell "cat; sleep $seconds" @{ InputObject = (async { throw [IO.IOException]::new('no input') }) }
            $failure = Get-Failure { await $task -TimeoutSec 60 }
            $failure.Exception | Should -BeOfType ([IO.IOException])
            "$failure" | Should -Be 'no input'
            Get-Sleeper $seconds | Should -Be $null
        }

        It 'fails where the file is missing' {
            $failure = Get-Failure { await (Start-AsyncProcess cat -InputObject ([IO.FileInfo] "$dir/nothing")) -TimeoutSec 60 }
            $failure.FullyQualifiedErrorId | Should -Be 'FileNotFound'
            "$failure" | Should -BeLike "*$dir/nothing*"
        }

        It 'is encoded as $OutputEncoding says, or -Encoding' {
            $OutputEncoding = [Text.Encoding]::Latin1
            (await (Start-AsyncProcess cat -InputObject 'ä' -AsByteStream) -TimeoutSec 60).Output | Should -Be 228, 10
            (await (Start-AsyncProcess cat -InputObject 'ä' -AsByteStream -Encoding unicode) -TimeoutSec 60).Output | Should -Be 228, 0, 10, 0
        }

        It 'need not be read' -ForEach 'true', 'exec <&-; sleep 0.1', 'head -c 1 >/dev/null' {
            (Invoke-Shell $_ @{ InputObject = [byte[]]::new(10mb) }).ExitCode | Should -Be 0
        }

        It 'comes through whole while the program writes as much' {
            $bytes = [byte[]]::new(20mb)
            [Random]::new(1).NextBytes($bytes)
            $result = await (Start-AsyncProcess cat -InputObject $bytes -AsByteStream) -TimeoutSec 60
            [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([byte[]] $result.Output)) |
                Should -Be ([Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($bytes)))
        }
    }

    Context 'The pipeline' {
        It 'gives each object to a program of its own' {
            ('b', ('d', 'c'), $null | Start-AsyncProcess sort | Wait-AsyncGather -TimeoutSec 60).Output | Should -Be 'b', 'c', 'd', $null
            @() | Start-AsyncProcess cat | Should -Be $null
        }

        It 'has each object in $_ where blocks among the arguments use it, and it is no input then' {
            $results = 1..3 | Start-AsyncProcess sh '-c', 'echo "$@"; cat', 'sh', { 'a b', $_ }, 'last', { if ($_ -eq 2) { 'two' } } |
                Wait-AsyncGather -TimeoutSec 60
            $results.Output | Should -Be 'a b 1 last', 'a b 2 last two', 'a b 3 last'
        }

        It 'sees the $_ around it in a block without a pipeline' {
            (1..2 | ForEach-Object { Start-AsyncProcess echo { "item $_" } } | Wait-AsyncGather -TimeoutSec 60).Output | Should -Be 'item 1', 'item 2'
        }

        It 'has it for folder and environment' {
            $folders = 1..2 | ForEach-Object { New-Item -ItemType Directory $dir/folder$_ }
            ($folders | Start-AsyncProcess pwd -WorkingDirectory { $_.FullName } | Wait-AsyncGather -TimeoutSec 60).Output | Should -Be $folders.FullName
            (1..2 | Start-AsyncProcess sh '-c', 'echo $N; cat' -Environment { @{ N = $_ } } | Wait-AsyncGather -TimeoutSec 60).Output | Should -Be 1, 2
        }

        It 'goes on behind an object that has no arguments' {
            $tasks = 1..3 | Start-AsyncProcess echo { if ($_ -eq 2) { throw 'not this' }; $_ } -ErrorVariable failures -ErrorAction SilentlyContinue
            ($tasks | Wait-AsyncGather -TimeoutSec 60).Output | Should -Be 1, 3
            "$failures" | Should -BeLike '*not this*'
        }

        It 'runs as many at once as -ThrottleLimit says' {
            $script = "echo begin >> '$dir/log'; sleep 0.05; echo end >> '$dir/log'"
            $null = 1..30 | Start-AsyncProcess sh '-c', $script -ThrottleLimit 4 | Wait-AsyncGather -TimeoutSec 60
            $running = $most = 0
            Get-Content $dir/log | ForEach-Object { $running += $_ -eq 'begin' ? 1 : -1; $most = [Math]::Max($most, $running) }
            $running | Should -Be 0
            $most | Should -BeIn 2, 3, 4
        }

        It 'holds the permit of -Semaphore, and passes the -RateLimiter' {
            $semaphore = New-AsyncSemaphore -Count 1
            $limiter = New-AsyncRateLimiter -PermitLimit 100 -Window 1
            Enter-AsyncSemaphore $semaphore
            $task = Start-AsyncProcess echo a -Semaphore $semaphore -RateLimiter $limiter -Name 'my program'
            $task.State, $task.Name, $task.Kind | Should -Be NotStarted, 'my program', IO
            (Get-AsyncTask -Name 'my program').Command | Should -Be 'Start-AsyncProcess echo'
            Exit-AsyncSemaphore $semaphore
            (await $task -TimeoutSec 60).Output | Should -Be a
        }
    }

    Context 'Exit codes' {
        It 'is <Expected> with <Scenario>' -ForEach @(
            @{ Scenario = 'nothing said'; Code = 3; Expected = 'a result' }
            @{ Scenario = '$ErrorActionPreference = Stop alone'; Code = 3; Preference = 'Stop'; Expected = 'a result' }
            @{ Scenario = '-ErrorAction Stop'; Code = 3; With = @{ ErrorAction = 'Stop' }; Expected = 'a failure' }
            @{ Scenario = '-ErrorAction Stop and success'; Code = 0; With = @{ ErrorAction = 'Stop' }; Expected = 'a result' }
            @{ Scenario = '-ErrorAction Continue'; Code = 3; With = @{ ErrorAction = 'Continue' }; Expected = 'a result and an error' }
            @{ Scenario = '-ErrorAction Ignore'; Code = 3; With = @{ ErrorAction = 'Ignore' }; Expected = 'a result' }
            @{ Scenario = '-SuccessCode without it'; Code = 3; With = @{ SuccessCode = 0, 1 }; Expected = 'a result and an error' }
            @{ Scenario = '-SuccessCode without it under Stop'; Code = 3; With = @{ SuccessCode = 0, 1 }; Preference = 'Stop'; Expected = 'a failure' }
            @{ Scenario = '-SuccessCode with it'; Code = 3; With = @{ SuccessCode = 0, 3; ErrorAction = 'Stop' }; Expected = 'a result' }
            @{ Scenario = '-SuccessCode without 0'; Code = 0; With = @{ SuccessCode = 3; ErrorAction = 'Stop' }; Expected = 'a failure' }
            @{ Scenario = '$PSNativeCommandUseErrorActionPreference'; Code = 3; Native = $true; Expected = 'a result and an error' }
            @{ Scenario = 'both preferences'; Code = 3; Native = $true; Preference = 'Stop'; Expected = 'a failure' }
            @{ Scenario = 'both preferences, told otherwise'; Code = 3; Native = $true; Preference = 'Stop'; With = @{ ErrorAction = 'Ignore' }; Expected = 'a result' }
        ) {
            $Preference ??= 'Continue'
            $With ??= @{}
            $got = & {
                $ErrorActionPreference = $Preference
                $PSNativeCommandUseErrorActionPreference = [bool]$Native
                $task = Start-Shell "exit $Code" $With
                $ErrorActionPreference = 'Continue'
                try { await $task -TimeoutSec 60 2>&1 } catch { "failed: $($_.FullyQualifiedErrorId)" }
            }
            $kinds = $got | ForEach-Object { $_ -is [string] ? $_ : $_ -is [Management.Automation.ErrorRecord] ? $_.FullyQualifiedErrorId -replace ',.*' : $_.ExitCode }
            $kinds | Sort-Object { $_ -is [int] } | Should -Be $(
                switch ($Expected) {
                    'a result' { $Code }
                    'a failure' { 'failed: ProgramExitCode' }
                    'a result and an error' { 'ProgramExitCode'; $Code }
                }
            )
        }

        It 'has the result and the end of the error stream in the error' {
            $failure = Get-Failure { Invoke-Shell 'echo out; for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; exit 4' @{ ErrorAction = 'Stop'; Name = 'mine' } }
            $failure.Exception | Should -BeOfType ([AsyncJobs.ProcessExitException])
            $failure.Exception.ExitCode, $failure.Exception.Result.Output, $failure.Exception.Result.Error.Count | Should -Be 4, 'out', 7
            "$failure" | Should -Be "The program 'sh' ended with exit code 4: line 3`nline 4`nline 5`nline 6`nline 7"
            $failure.CategoryInfo.TargetName | Should -Be mine
        }

        It 'names the pipeline object it was for' {
            $failure = Get-Failure { 'item' | Start-AsyncProcess false -ErrorAction Stop | await -TimeoutSec 60 }
            $failure.TargetObject | Should -Be item
        }
    }

    Context 'Reading live' {
        It 'gives each line while the program runs, and the result afterwards by the task' {
            $task = Start-Shell "echo one; while [ ! -e '$dir/go' ]; do sleep 0.02; done; echo two; exit 5" @{ TimeoutSec = 60 }
            $seen = $task | Receive-AsyncTask -Live -TimeoutSec 60 | ForEach-Object {
                "$_ $($task.State)"
                if ($_ -eq 'one') { Set-Content $dir/go x }
            }
            $seen[0] | Should -Be 'one Running'
            $seen -replace ' .*' | Should -Be 'one', 'two'
            $task.Result.ExitCode | Should -Be 5
            $task.Result.Output | Should -Be 'one', 'two'
            $task | Receive-AsyncTask -Live -TimeoutSec 60 | Should -Be 'one', 'two'
            ($task | Receive-AsyncTask -TimeoutSec 60).ExitCode | Should -Be 5
        }

        It 'shows the error stream as that, and ends nothing by it' {
            $ErrorActionPreference = 'Stop'
            $task = Start-Shell 'echo out; echo err >&2'
            $ErrorActionPreference = 'Continue'
            $written = $task | Receive-AsyncTask -Live -TimeoutSec 60 2>&1
            $written.Where({ $_ -is [string] }) | Should -Be 'out'
            $written.Where({ $_ -is [Management.Automation.ErrorRecord] }) | ForEach-Object { "$_" } | Should -Be 'err'
            await $task 2>&1 | Should -BeOfType ([AsyncJobs.ProcessResult])
        }

        It 'shows the error stream of a program that has ended, once' {
            $task = Start-Shell 'echo out; echo err >&2; echo more >&2'
            (await $task -TimeoutSec 60).Error | Should -Be 'err', 'more'
            $written = $task | Receive-AsyncTask -Live -TimeoutSec 60 2>&1
            $written.Where({ $_ -is [string] }) | Should -Be 'out'
            $written.Where({ $_ -is [Management.Automation.ErrorRecord] }) | ForEach-Object { "$_" } | Should -Be 'err', 'more'
            $task | Receive-AsyncTask -Live -TimeoutSec 60 2>&1 | Should -Be 'out'
        }

        It 'ends the program when the pipeline has had enough' {
            $seconds = Get-Random -Minimum 100000
            Start-AsyncProcess sh '-c', "echo first; sleep $seconds" | Receive-AsyncTask -Live | Select-Object -First 1 | Should -Be first
            Wait-Until { -not (Get-Sleeper $seconds) }
        }

        It 'gives bytes as they come' {
            $pieces = Start-Shell 'printf ab' @{ AsByteStream = $true } | Receive-AsyncTask -Live -TimeoutSec 60
            , $pieces | Should -BeOfType ([byte[]])
            $pieces | Should -Be 97, 98
        }
    }

    Context 'Coroutines' {
        It 'lets others go on meanwhile' {
            $first = async { (await (Start-Shell "while [ ! -e '$dir/go' ]; do sleep 0.02; done; echo first" @{ TimeoutSec = 60 })).Output }
            $second = async { (await (Start-Shell "touch '$dir/go'; echo second")).Output }
            $first, $second | Wait-AsyncGather -TimeoutSec 60 | Should -Be first, second
        }

        It 'throws there what -ErrorAction Stop asks for' {
            await (async { try { await (Start-AsyncProcess false -ErrorAction Stop) } catch [AsyncJobs.ProcessExitException] { "code $($_.Exception.ExitCode)" } }) -TimeoutSec 60 |
                Should -Be 'code 1'
        }

        It 'ends the program with the coroutine that awaits it' {
            $seconds = Get-Random -Minimum 100000
            $task = async { await (Start-Shell "sleep $seconds") }
            Wait-Until { Get-Sleeper $seconds }
            Stop-AsyncTask $task -Wait
            Wait-Until { -not (Get-Sleeper $seconds) }
        }
    }

    Context 'The end' -Skip:(-not $IsLinux) {
        It 'leaves nothing of <Scenario> when it is stopped' -ForEach @(
            @{ Scenario = 'a program'; Script = 'exec sleep {0}' }
            @{ Scenario = 'its children'; Script = 'sleep {0} & sleep {0}' }
            @{ Scenario = 'what defies signals'; Script = "trap '' TERM INT HUP; sleep {0}" }
            @{ Scenario = 'what its parent has left'; Script = '(sleep {0} &); (sleep {0} &); exec sleep {0}' }
            @{ Scenario = 'another session'; Script = 'setsid sleep {0} & wait' }
            @{ Scenario = 'another session, left by its parent'; Script = '(setsid sh -c "sleep {0}; true" &) ; exec sleep {0}' }
            @{ Scenario = 'another environment'; Script = 'env -i sleep {0} & wait' }
            @{ Scenario = 'who holds the pipes when the program has ended'; Script = 'sleep {0} & exit 0' }
        ) {
            $seconds = Get-Random -Minimum 100000
            $task = Start-Shell ($Script -f $seconds)
            Wait-Until { Get-Sleeper $seconds }
            Stop-AsyncTask $task -Wait
            $task.State | Should -Be Stopped
            Get-Sleeper $seconds | Should -Be $null
        }

        It 'leaves nothing past -TimeoutSec' {
            $seconds = Get-Random -Minimum 100000
            $failure = Get-Failure { Invoke-Shell "(sleep $seconds &); sleep $seconds" @{ TimeoutSec = 0.5 } }
            $failure.FullyQualifiedErrorId | Should -Be AsyncTimeout
            Get-Sleeper $seconds | Should -Be $null
        }

        It 'leaves nothing at Ctrl+C' {
            $seconds = Get-Random -Minimum 100000
            $session = New-TestSession
            try {
                Stop-InSession $session "`$t = Start-AsyncProcess sh -ArgumentList '-c', '(sleep $seconds &); sleep $seconds'; `$signal.Set(); await `$t" -WaitMilliseconds 300 |
                    Should -BeLessThan ([timespan]::FromSeconds(10))
                Wait-Until { -not (Get-Sleeper $seconds) }
            }
            finally {
                Remove-TestSession $session
            }
        }

        It 'leaves nothing when the session is closed' {
            $seconds = Get-Random -Minimum 100000
            $session = New-TestSession
            Invoke-InSession $session "`$null = Start-AsyncProcess sh -ArgumentList '-c', '(sleep $seconds &); sleep $seconds'"
            Wait-Until { Get-Sleeper $seconds }
            Remove-TestSession $session
            Wait-Until { -not (Get-Sleeper $seconds) }
        }

        Context 'Of the process' {
            BeforeAll {
                $endings = @{
                    'Remove-Module' = 'Remove-Module AsyncJobs; while (Get-Count) { Start-Sleep -Milliseconds 250 }; "none"'
                    'the end of the script' = ''
                    'exit' = 'exit 3'
                    'the end of the process' = '[Environment]::Exit(3)'
                    'SIGTERM' = '& kill $PID; Start-Sleep 30'
                }
                $sleeps = @{}
                $cases = foreach ($name in $endings.Keys) {
                    $sleeps[$name] = Get-Random -Minimum 100000
                    @{
                        Scenario = $name
                        Script   = "function Get-Count { @(Get-Process sleep -ErrorAction Ignore | Where-Object CommandLine -Like '*sleep $($sleeps[$name])').Count }
                            `$t = Start-AsyncProcess sh -ArgumentList '-c', '(sleep $($sleeps[$name]) &); sleep $($sleeps[$name])'
                            while ((Get-Count) -lt 2) { Start-Sleep -Milliseconds 250 }
                            'up'
                            $($endings[$name])"
                    }
                }
                $runs = Start-InOwnProcess $cases
            }

            It 'leaves nothing at <_>' -ForEach 'Remove-Module', 'the end of the script', 'exit', 'the end of the process', 'SIGTERM' {
                $written = Receive-InOwnProcess $runs[$_]
                $written | Should -Be $($_ -eq 'Remove-Module' ? ('up', 'none') : 'up')
                Get-Sleeper $sleeps[$_] | Should -Be $null
            }
        }

        It 'lets live what a program leaves behind on purpose, and says that it may still write' {
            $script = "(while [ ! -e '$dir/go' ]; do sleep 0.02; done; echo late; echo alive > '$dir/alive') & echo early"
            $result = Invoke-Shell $script
            $result.Output, $result.IsOutputComplete | Should -Be early, $false
            Set-Content $dir/go x
            Wait-Until { Test-Path $dir/alive }
        }

        It 'waits for what still comes just after the program''s end' {
            (Invoke-Shell '(sleep 0.3; echo rest) & echo begin').Output | Should -Be begin, rest
        }
    }

    Context 'What it holds' -Skip:(-not $IsLinux) {
        It 'takes no thread and leaves no handle and no zombie with 200 programs' {
            $counts = Invoke-InOwnProcess '
                function Get-Count {
                    [GC]::Collect()
                    [GC]::WaitForPendingFinalizers()
                    $zombies = @(Get-ChildItem /proc -Directory | Where-Object Name -Match "^\d+$" | ForEach-Object {
                        try { [IO.File]::ReadAllText("$_/stat") } catch { }
                    } | Where-Object { $_ -match "\) Z $PID " })
                    [pscustomobject]@{
                        Threads = [Diagnostics.Process]::GetCurrentProcess().Threads.Count
                        Pipes = @([IO.Directory]::GetFileSystemEntries("/proc/self/fd") | Where-Object { [IO.FileInfo]::new($_).LinkTarget -like "pipe:*" }).Count
                        Zombies = $zombies.Count
                    }
                }
                $null = 1..20 | Start-AsyncProcess cat | Wait-AsyncGather
                $before = Get-Count
                $tasks = 1..200 | ForEach-Object { Start-AsyncProcess sleep 1000 }
                do { Start-Sleep -Milliseconds 250; $during = Get-Count } while ($during.Pipes - $before.Pipes -lt 400)
                Stop-AsyncTask $tasks -Wait
                $again = 1..100 | Start-AsyncProcess cat -ThrottleLimit 20 | Wait-AsyncGather
                $end = [datetime]::UtcNow.AddSeconds(20)
                do { $after = Get-Count } while (($after.Pipes -gt $before.Pipes -or $after.Zombies) -and [datetime]::UtcNow -lt $end)
                @{ before = $before; during = $during; after = $after; again = @($again.ExitCode -eq 0).Count } | ConvertTo-Json -Compress' |
                ConvertFrom-Json
            $counts.again | Should -Be 100
            # .NET hears of the ends of 63 processes with one thread.
            $counts.during.Threads - $counts.before.Threads | Should -BeLessThan 20
            $counts.during.Pipes - $counts.before.Pipes | Should -Be 400
            $counts.after.Pipes | Should -BeLessOrEqual $counts.before.Pipes
            $counts.after.Zombies | Should -Be 0
        }
    }

    Context 'Bad input' {
        It 'refuses <Scenario>' -ForEach @(
            @{ Scenario = '-Raw with -AsByteStream'; With = @{ Raw = $true; AsByteStream = $true }; Id = 'InvalidArgument'; Text = '*-Raw*-AsByteStream*' }
            @{ Scenario = 'no success code'; With = @{ SuccessCode = @() }; Id = 'ParameterArgumentValidationError'; Text = '*SuccessCode*' }
            @{ Scenario = 'an unknown encoding'; With = @{ Encoding = 'nothing' }; Id = 'ParameterArgumentTransformationError'; Text = "*Encoding*'nothing'*" }
            @{ Scenario = 'a block without a pipeline'; With = @{ WorkingDirectory = { $_ } }; Id = 'ScriptBlockArgumentNoInput'; Text = '*WorkingDirectory*' }
        ) {
            $failure = Get-Failure { Start-AsyncProcess echo @With }
            $failure.FullyQualifiedErrorId | Should -Be "$Id,AsyncJobs.StartAsyncProcessCommand"
            "$failure" | Should -BeLike $Text
        }
    }
}
