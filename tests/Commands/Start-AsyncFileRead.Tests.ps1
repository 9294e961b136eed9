BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
}

Describe 'Start-AsyncFileRead' {
    Context 'Parts' {
        BeforeAll {
            function ConvertTo-Shape([object[]] $Value) { foreach ($one in $Value) { "$($one.GetType().Name) $($one -join '+')" } }

            $parts = (New-Item -ItemType Directory "$TestDrive/parts").FullName
            $texts = @{
                mixed = "a`nb`r`nc`n`nd"; ended = "a`nb`n"; returns = "a`rb`r`r`nc"; empty = ''; end = "`n"; ends = "`n`n"
                marked = "aXYbXYXYc"; long = (1..5000 | ForEach-Object { "line $_ $('ä' * ($_ % 50))" }) -join "`r`n"
            }
            foreach ($name in $texts.Keys) {
                [IO.File]::WriteAllText("$parts/$name", $texts[$name])
                foreach ($encoding in 'unicode', 'utf32', 'utf8BOM') { Set-Content "$parts/$name-$encoding" $texts[$name] -Encoding $encoding -NoNewline }
            }
        }

        It 'gives what Get-Content gives with <Arguments>' -ForEach @(
            @{ Arguments = @{ ReadCount = 1 } }
            @{ Arguments = @{ ReadCount = 2 } }
            @{ Arguments = @{ ReadCount = 1000 } }
            @{ Arguments = @{ TotalCount = 0 } }
            @{ Arguments = @{ TotalCount = 2 } }
            @{ Arguments = @{ Head = 3; ReadCount = 2 } }
            @{ Arguments = @{ First = 100000 } }
            @{ Arguments = @{ Tail = 0 } }
            @{ Arguments = @{ Tail = 1 } }
            @{ Arguments = @{ Last = 3 } }
            @{ Arguments = @{ Tail = 4000; ReadCount = 3000 } }
            @{ Arguments = @{ Delimiter = 'XY' } }
            @{ Arguments = @{ Delimiter = 'Y'; Tail = 2 } }
            @{ Arguments = @{ Delimiter = 'XY'; TotalCount = 2 } }
            @{ Arguments = @{ Delimiter = "`n" } }
        ) {
            foreach ($file in Get-ChildItem $parts) {
                $expected = @(Get-Content $file @Arguments)
                $actual = @(await (Start-AsyncFileRead $file @Arguments))
                ConvertTo-Shape $actual | Should -Be (ConvertTo-Shape $expected) -Because $file.Name
            }
        }

        It 'gives all lines as one array with -ReadCount 0' {
            $all = @(await (Start-AsyncFileRead $parts/mixed -ReadCount 0))
            ConvertTo-Shape $all | Should -Be 'Object[] a+b+c++d'
        }

        It 'gives half a character at the end as one that cannot be read: <Bytes>' -ForEach @(
            @{ Bytes = 0x61, 0x0A, 0xE2, 0x82 }
            @{ Bytes = 0x61, 0x0A, 0x62, 0xC3 }
            @{ Bytes = 0xFF, 0xFE, 0x61, 0x00, 0x0A }
            @{ Bytes = , 0xEF }
            @{ Bytes = 0xFF, 0xFE }
        ) {
            [IO.File]::WriteAllBytes("$parts/half", $Bytes)
            try {
                foreach ($arguments in @{ ReadCount = 1 }, @{ Tail = 3 }, @{ TotalCount = 3 }) {
                    $expected = @(Get-Content $parts/half @arguments)
                    ConvertTo-Shape @(await (Start-AsyncFileRead $parts/half @arguments)) | Should -Be (ConvertTo-Shape $expected)
                }
            } finally {
                Remove-Item $parts/half
            }
        }

        It 'gives bytes from the start and from the end' {
            (await (Start-AsyncFileRead $parts/mixed -AsByteStream -TotalCount 3)) -join ',' | Should -Be '97,10,98'
            (await (Start-AsyncFileRead $parts/mixed -AsByteStream -Tail 2)) -join ',' | Should -Be '10,100'
            (await (Start-AsyncFileRead $parts/mixed -AsByteStream -Tail 100)).Count | Should -Be 9
        }

        It 'takes -Raw for what it is' {
            await (Start-AsyncFileRead $parts/mixed -Raw) | Should -BeExactly (Get-Content $parts/mixed -Raw)
            (await (Start-AsyncFileRead $parts/mixed -Raw -AsByteStream)).GetType() | Should -Be ([byte[]])
            await (Start-AsyncFileRead $parts/mixed -Raw -ReadCount 2) | Should -BeExactly (Get-Content $parts/mixed -Raw)
        }

        It 'refuses <Arguments>, which exclude each other' -ForEach @(
            @{ Arguments = @{ Raw = $true; Tail = 1 } }
            @{ Arguments = @{ Raw = $true; TotalCount = 1 } }
            @{ Arguments = @{ Raw = $true; Wait = $true } }
            @{ Arguments = @{ Raw = $true; Delimiter = 'x' } }
            @{ Arguments = @{ Tail = 1; Head = 1 } }
            @{ Arguments = @{ AsByteStream = $true; Delimiter = 'x' } }
        ) {
            { Start-AsyncFileRead $parts/mixed @Arguments } | Should -Throw -ErrorId 'InvalidArgument,*'
        }

        It 'reads what -Include, -Exclude, -Filter and -Force leave of wildcards' {
            [IO.File]::WriteAllText("$parts/.hidden", 'hidden')
            if ($IsWindows) { (Get-Item "$parts/.hidden" -Force).Attributes = 'Hidden' }
            Start-AsyncFileRead $parts/* -Include E* -Exclude *-*, ends, empty | Wait-AsyncTask | Should -Be "`n", "a`nb`n"
            Start-AsyncFileRead $parts/* -Filter returns | Wait-AsyncTask | Should -Be $texts.returns
            Start-AsyncFileRead $parts/.h* -ErrorAction Ignore | Should -BeNullOrEmpty
            Start-AsyncFileRead $parts/.h* -Force | Wait-AsyncTask | Should -Be hidden
            Start-AsyncFileRead $parts/mixed -Include *.log -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        }
    }

    Context 'Following' {
        BeforeEach {
            $log = Join-Path $TestDrive "$(New-Guid).log"
            [IO.File]::WriteAllText($log, "one`ntwo`nthree`n")
        }

        It 'gives the lines as they are added, from the last ones on' {
            $adding = async {
                foreach ($text in "four`nfi", "ve`r`n", "six`n") {
                    await (Start-AsyncSleep 0.05)
                    [IO.File]::AppendAllText($log, $text)
                }
            }
            Start-AsyncFileRead $log -Tail 2 -Wait | Receive-AsyncTask -TimeoutSec 60 | Select-Object -First 5 |
                Should -Be two, three, four, five, six
            await $adding
        }

        It 'gives the whole file first, and ends after -TotalCount lines' {
            Start-AsyncFileRead $log -Wait -TotalCount 2 | Receive-AsyncTask -TimeoutSec 60 | Should -Be one, two
            Start-AsyncFileRead $log -Wait | Receive-AsyncTask -TimeoutSec 60 | Select-Object -First 3 | Should -Be one, two, three
        }

        It 'gives a line that has no end yet, after a while' {
            [IO.File]::AppendAllText($log, 'and')
            Start-AsyncFileRead $log -Wait -Tail 1 | Receive-AsyncTask -TimeoutSec 60 | Select-Object -First 1 | Should -Be and
        }

        It 'goes on with a file that was emptied, and with one in its place' {
            $adding = async {
                await (Start-AsyncSleep 0.05)
                [IO.File]::WriteAllText($log, "new`n")
                await (Start-AsyncSleep 0.5)
                if ($IsLinux) {
                    Move-Item $log "$log.1"
                    [IO.File]::WriteAllText($log, "next`n")
                } else {
                    [IO.File]::AppendAllText($log, "next`n")
                }
            }
            Start-AsyncFileRead $log -Wait -Tail 0 | Receive-AsyncTask -TimeoutSec 60 | Select-Object -First 2 | Should -Be new, next
            await $adding
        }

        It 'looks for the mark of a <_> file at each of its starts' -ForEach 'unicode', 'bigendianunicode', 'utf8BOM', 'utf32', 'ascii' {
            $encoding = $_
            [IO.File]::WriteAllBytes($log, @())
            Set-Content "$log.text" "ü1", "ü2", "ü3" -Encoding $encoding
            Set-Content "$log.after" "ü4" -Encoding ($encoding -eq 'unicode' ? 'utf8' : 'unicode')
            $bytes = [IO.File]::ReadAllBytes("$log.text")
            $adding = async {
                # The mark comes in two halves.
                foreach ($part in $bytes[0..0], $bytes[1..($bytes.Count - 1)]) {
                    await (Start-AsyncSleep 0.2)
                    $file = [IO.File]::Open($log, 'Append', 'Write', 'ReadWrite')
                    $file.Write([byte[]] $part, 0, $part.Count)
                    $file.Dispose()
                }
                await (Start-AsyncSleep 0.5)
                [IO.File]::WriteAllBytes($log, @())
                await (Start-AsyncSleep 0.5)
                [IO.File]::WriteAllBytes($log, [IO.File]::ReadAllBytes("$log.after"))
            }
            $lines = Start-AsyncFileRead $log -Wait | Receive-AsyncTask -TimeoutSec 60 | Select-Object -First 4
            $lines | Should -BeExactly @(Get-Content "$log.text"; Get-Content "$log.after")
            await $adding
        }

        It 'follows many files at once, of which a missing one fails alone' {
            [IO.File]::WriteAllText("$log.b", "b`n")
            $tasks = Start-AsyncFileRead $log, "$log.b", "$log.none" -Wait -Tail 1
            $tasks[0, 1] | Receive-AsyncTask -TimeoutSec 60 | Select-Object -First 2 | Sort-Object | Should -Be b, three
            (Get-Failure { await $tasks[2] -TimeoutSec 30 }).FullyQualifiedErrorId | Should -BeLike 'FileNotFound*'
        }

        It 'gives bytes as they are added' {
            [IO.File]::WriteAllBytes($log, (1, 2, 3))
            $bytes = Start-AsyncFileRead $log -Wait -AsByteStream -Tail 2 | Receive-AsyncTask -TimeoutSec 60 | Select-Object -First 1
            $bytes -join ',' | Should -Be '2,3'
        }
    }

    BeforeEach {
        $dir = Join-Path $TestDrive ([guid]::NewGuid())
        $null = New-Item -ItemType Directory $dir
        1..3 | ForEach-Object { Set-Content "$dir/file$_.txt" "content $_" }
    }

    Context 'What it reads' {
        It 'gives the whole text as one string' {
            Set-Content $dir/lines.txt 'one', 'two'
            $text = await (Start-AsyncFileRead $dir/lines.txt) -TimeoutSec 30
            $text | Should -BeExactly (Get-Content -Raw $dir/lines.txt)
        }

        It 'gives the bytes as one array with -AsByteStream' {
            [IO.File]::WriteAllBytes("$dir/bytes", [byte[]](0, 255, 13, 10))
            $bytes = await (Start-AsyncFileRead $dir/bytes -AsByteStream) -TimeoutSec 30
            , $bytes | Should -BeOfType ([byte[]])
            $bytes | Should -Be (0, 255, 13, 10)
        }

        It 'gives an empty string or an empty array for an empty file' {
            [IO.File]::WriteAllBytes("$dir/empty", @())
            await (Start-AsyncFileRead $dir/empty) -TimeoutSec 30 | Should -BeExactly ''
            $bytes = await (Start-AsyncFileRead $dir/empty -AsByteStream) -TimeoutSec 30
            , $bytes | Should -BeOfType ([byte[]])
            $bytes.Count | Should -Be 0
        }

        It 'gives a gather one string for each file, in order' {
            $texts = Start-AsyncFileRead $dir/file*.txt | Wait-AsyncGather -TimeoutSec 30
            $texts.Trim() | Should -Be 'content 1', 'content 2', 'content 3'
        }
    }

    Context 'Encodings' {
        It 'reads <_> as Get-Content does' -ForEach @(
            'ascii', 'ansi', 'bigendianunicode', 'bigendianutf32', 'oem', 'unicode', 'utf8', 'utf8BOM', 'utf8NoBOM', 'utf32', 'iso-8859-1', 1251
        ) {
            Set-Content $dir/encoded -Value "aä€ щ`nline" -Encoding $_
            $expected = Get-Content $dir/encoded -Raw -Encoding $_
            await (Start-AsyncFileRead $dir/encoded -Encoding $_) -TimeoutSec 30 | Should -BeExactly $expected
        }

        It 'lets the mark of a <_> file decide, as Get-Content does' -ForEach 'bigendianunicode', 'bigendianutf32', 'unicode', 'utf8BOM', 'utf32' {
            Set-Content $dir/marked -Value 'aä€' -Encoding $_
            await (Start-AsyncFileRead $dir/marked) -TimeoutSec 30 | Should -BeExactly (Get-Content $dir/marked -Raw)
            await (Start-AsyncFileRead $dir/marked -Encoding ascii) -TimeoutSec 30 | Should -BeExactly (Get-Content $dir/marked -Raw -Encoding ascii)
        }

        It 'takes an encoding object, and a code page in quotes' {
            Set-Content $dir/encoded -Value 'aä' -Encoding 1252
            await (Start-AsyncFileRead $dir/encoded -Encoding ([Text.Encoding]::Latin1)) -TimeoutSec 30 | Should -Match 'aä'
            await (Start-AsyncFileRead $dir/encoded -Encoding '1252') -TimeoutSec 30 | Should -Match 'aä'
        }

        It 'refuses a name that is none and says what to give' {
            { Start-AsyncFileRead $dir/file1.txt -Encoding bogus } |
                Should -Throw -ErrorId 'ParameterArgumentTransformationError*' -ExpectedMessage '*bogus*utf8BOM*'
        }

        It 'completes the names' {
            $line = 'Start-AsyncFileRead x -Encoding utf8'
            $names = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText
            $names | Should -Be 'utf8', 'utf8BOM', 'utf8NoBOM'
        }
    }

    Context 'Paths' {
        It 'takes files from Get-ChildItem, and strings' {
            $texts = Get-ChildItem $dir | Start-AsyncFileRead | Wait-AsyncGather -TimeoutSec 30
            $texts.Count | Should -Be 3
            $texts = "$dir/file3.txt", "$dir/file1.txt" | Start-AsyncFileRead | Wait-AsyncGather -TimeoutSec 30
            $texts.Trim() | Should -Be 'content 3', 'content 1'
        }

        It 'takes each character of -LiteralPath for itself' {
            Set-Content -LiteralPath "$dir/a[1].txt" 'brackets'
            Set-Content -LiteralPath "$dir/a1.txt" 'match'
            await (Start-AsyncFileRead -LiteralPath "$dir/a[1].txt") -TimeoutSec 30 | Should -Match 'brackets'
            await (Start-AsyncFileRead "$dir/a[1].txt") -TimeoutSec 30 | Should -Match 'match'
            await (Start-AsyncFileRead "$dir/a``[1``].txt") -TimeoutSec 30 | Should -Match 'brackets'
            Get-Item -LiteralPath "$dir/a[1].txt" | Start-AsyncFileRead | Wait-AsyncTask -TimeoutSec 30 | Should -Match 'brackets'
        }

        It 'resolves PowerShell drives and the current location when it starts' {
            $null = New-PSDrive -Name AsyncJobsTest -PSProvider FileSystem -Root $dir
            try {
                await (Start-AsyncFileRead AsyncJobsTest:/file1.txt) -TimeoutSec 30 | Should -Match 'content 1'
                $leaf = Split-Path $dir -Leaf
                await (Start-AsyncFileRead "TestDrive:/$leaf/file2.txt") -TimeoutSec 30 | Should -Match 'content 2'
                Push-Location AsyncJobsTest:/
                $task = Start-AsyncFileRead file3.txt
                Pop-Location
                await $task -TimeoutSec 30 | Should -Match 'content 3'
                Push-Location $dir
                $task = Start-AsyncFileRead ./file3.txt
                Pop-Location
                await $task -TimeoutSec 30 | Should -Match 'content 3'
            }
            finally {
                Remove-PSDrive AsyncJobsTest
            }
        }

        It 'writes an error and starts nothing where wildcards match nothing, as Get-Content does' {
            $tasks = Start-AsyncFileRead $dir/none*, $dir/file1.txt -ErrorVariable failures -ErrorAction SilentlyContinue
            @($tasks).Count | Should -Be 1
            $failures.Count | Should -Be 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
            $null = await $tasks -TimeoutSec 30
        }
    }

    Context 'Failures' {
        It 'fails the task of the missing file alone, naming it' {
            $results = Start-AsyncFileRead $dir/file1.txt, $dir/missing.txt, $dir/file2.txt | Wait-AsyncGather -ReturnExceptions -TimeoutSec 30
            $results[0] | Should -Match 'content 1'
            $results[1] | Should -BeOfType ([IO.FileNotFoundException])
            $results[2] | Should -Match 'content 2'
            $failure = Get-Failure { await (Start-AsyncFileRead $dir/missing.txt) -TimeoutSec 30 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FileNotFound*'
            $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $failure.TargetObject | Should -Be (Join-Path $dir missing.txt)
            "$failure" | Should -BeLike '*missing.txt*'
        }

        It 'gives <Id> for <Path>' -ForEach @(
            @{ Path = '.'; Id = 'FileIsDirectory'; Type = [UnauthorizedAccessException] }
            @{ Path = 'missing/file'; Id = 'FileNotFound'; Type = [IO.IOException] }
            @{ Path = 'env:PATH'; Id = 'FileProviderNotSupported'; Type = [NotSupportedException] }
            @{ Path = 'NoSuchDrive:/file'; Id = 'FileNotFound'; Type = [IO.IOException] }
            @{ Path = "nul`0char"; Id = 'InvalidArgument'; Type = [ArgumentException] }
        ) {
            Push-Location $dir
            try {
                $failure = Get-Failure { await (Start-AsyncFileRead $Path) -TimeoutSec 30 }
                $failure.FullyQualifiedErrorId | Should -BeLike "$Id*"
                $failure.Exception | Should -BeOfType $Type
            }
            finally {
                Pop-Location
            }
        }
    }

    Context 'Tasks' {
        It 'is an IO task with the name and limits given' {
            $task = Start-AsyncFileRead $dir/file1.txt -Name reader -TimeoutSec 10
            $task.Kind | Should -Be 'IO'
            $task.Name | Should -Be 'reader'
            $null = await $task -TimeoutSec 30
        }

        It 'ends at its own time-out while nobody writes into the pipe it reads' -Skip:$IsWindows {
            mkfifo $dir/pipe
            $failure = Get-Failure { await (Start-AsyncFileRead $dir/pipe -TimeoutSec 0.1) -TimeoutSec 30 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'AsyncTimeout*'
            # Lets the abandoned reader end.
            [IO.File]::WriteAllText("$dir/pipe", 'x')
        }

        It 'is stopped while it waits for its permit, and reads nothing' -Skip:$IsWindows {
            mkfifo $dir/gate
            $holder, $waiting = Start-AsyncFileRead $dir/gate, $dir/file1.txt -ThrottleLimit 1
            $null = $waiting.Cancel('not needed')
            (Get-Failure { await $waiting -TimeoutSec 30 }).FullyQualifiedErrorId | Should -BeLike 'AsyncCanceled*'
            $waiting.State | Should -Be 'Stopped'
            [IO.File]::WriteAllText("$dir/gate", 'open')
            await $holder -TimeoutSec 30 | Should -Be 'open'
        }

        It 'reads a thousand files at once, in order' {
            $many = Join-Path $dir many
            $null = New-Item -ItemType Directory $many
            $paths = 1..1000 | ForEach-Object { [IO.File]::WriteAllText("$many/$_", "$_"); "$many/$_" }
            $texts = $paths | Start-AsyncFileRead | Wait-AsyncGather -TimeoutSec 30
            [int[]] $texts | Should -Be (1..1000)
        }
    }
}
