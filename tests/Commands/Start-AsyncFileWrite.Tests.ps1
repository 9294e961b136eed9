BeforeDiscovery {
    # A disk that can really be full needs a mount, and that needs root.
    $canMount = $IsLinux -and (id -u) -eq '0' -and (Get-Command mount -CommandType Application -ErrorAction Ignore)
    if ($canMount) {
        $probe = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-probe-$PID")).FullName
        mount -t tmpfs -o size=64k tmpfs $probe 2>$null
        $canMount = $LASTEXITCODE -eq 0
        if ($canMount) { umount $probe }
        Remove-Item $probe
    }

    # Only root may give files away.
    $isRoot = -not $IsWindows -and (id -u) -eq '0'
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    if (-not $IsWindows) { Import-Module $PSScriptRoot/../Support/Rights.psm1 }

    function Get-Bytes($Path) { [Convert]::ToHexString([IO.File]::ReadAllBytes($Path)) }
}

Describe 'Start-AsyncFileWrite' {
    BeforeEach {
        $dir = Join-Path $TestDrive ([guid]::NewGuid())
        $null = New-Item -ItemType Directory $dir
        $file = Join-Path $dir file
        $twin = Join-Path $dir twin
    }

    Context 'What it writes' {
        It 'writes the bytes that Set-Content writes for <Name>' -ForEach @(
            @{ Name = 'a string'; Value = 'text' }
            @{ Name = 'strings'; Value = 'one', 'two', '' }
            @{ Name = 'null among strings'; Value = 'one', $null, 'two' }
            @{ Name = 'null'; Value = $null }
            @{ Name = 'an empty array'; Value = @() }
            @{ Name = 'an empty string'; Value = '' }
            @{ Name = 'other objects'; Value = 1, 2.5, $true, @(1, @(2, 3)), @{ a = 1 }, [pscustomobject]@{ b = 2 }, [datetime]'2020-01-02' }
            @{ Name = 'a list'; Value = [Collections.Generic.List[string]]('one', 'two') }
        ) {
            Set-Content $twin -Value $Value
            await (Start-AsyncFileWrite $file -Value $Value) -TimeoutSec 30 | Should -BeNullOrEmpty
            Get-Bytes $file | Should -Be (Get-Bytes $twin)

            Set-Content $twin -Value $Value -NoNewline
            await (Start-AsyncFileWrite $file -Value $Value -NoNewline) -TimeoutSec 30
            Get-Bytes $file | Should -Be (Get-Bytes $twin)
        }

        It 'writes bytes, byte arrays and both with -AsByteStream' {
            await (Start-AsyncFileWrite $file -AsByteStream -Value ([byte[]](0, 255, 10))) -TimeoutSec 30
            Get-Bytes $file | Should -Be '00FF0A'
            [byte[]](1, 2) | Start-AsyncFileWrite $file -AsByteStream | Wait-AsyncTask -TimeoutSec 30
            Get-Bytes $file | Should -Be '0102'
            & { [byte] 1; , [byte[]](2, 3); [byte] 4 } | Start-AsyncFileWrite $file -AsByteStream | Wait-AsyncTask -TimeoutSec 30
            Get-Bytes $file | Should -Be '01020304'
        }

        It 'refuses anything else with -AsByteStream and leaves the file alone' {
            Set-Content $file old
            { & { [byte] 1; 'text' } | Start-AsyncFileWrite $file -AsByteStream } | Should -Throw -ErrorId 'InvalidArgument,*'
            Get-Content $file | Should -Be 'old'
        }

        It 'knows Out-File''s names of the path and the value' {
            await (Start-AsyncFileWrite -FilePath $file -InputObject one, two) -TimeoutSec 30
            await ('three' | Start-AsyncFileWrite -FilePath $file -Append) -TimeoutSec 30
            Get-Content $file | Should -Be one, two, three
        }

        It 'writes nothing to the pipeline, and the file with -PassThru' {
            await (Start-AsyncFileWrite $file x) -TimeoutSec 30 | Should -BeNullOrEmpty
            $info = await (Start-AsyncFileWrite $file x -PassThru) -TimeoutSec 30
            $info | Should -BeOfType ([IO.FileInfo])
            $info.FullName | Should -Be $file
        }
    }

    Context 'Pipeline input' {
        It 'collects all text into one file, as Set-Content does' {
            $task = 'one', 'two' | Start-AsyncFileWrite $file
            @($task).Count | Should -Be 1
            await $task -TimeoutSec 30
            Get-Content $file | Should -Be 'one', 'two'
        }

        It 'leaves the file alone when there is no input, as Set-Content does' {
            @() | Start-AsyncFileWrite $file | Should -BeNullOrEmpty
            $file | Should -Not -Exist
        }

        It 'starts a task for each object with Path and Value' {
            $tasks = 1..3 | ForEach-Object { [pscustomobject]@{ Path = "$file$_"; Value = "a$_", "b$_" } } | Start-AsyncFileWrite
            $tasks.Count | Should -Be 3
            await $tasks -TimeoutSec 30
            Get-Content "${file}2" | Should -Be 'a2', 'b2'
        }

        It 'writes one value into the files that come by the pipeline' {
            Set-Content $file, $twin old
            Get-ChildItem $dir | Start-AsyncFileWrite -Value new | Wait-AsyncTask -TimeoutSec 30
            Get-Content $file, $twin | Should -Be 'new', 'new'
        }

        It 'writes to what -Include, -Exclude and -Filter leave of wildcards' {
            Set-Content $dir/a.txt, $dir/b.txt, $dir/c.log, $dir/.hidden.txt old
            await (Start-AsyncFileWrite $dir/* new -Include *.TXT -Exclude b*) -TimeoutSec 30
            await (Start-AsyncFileWrite $dir/* more -Filter c* -Append) -TimeoutSec 30
            Get-Content $dir/a.txt, $dir/b.txt, $dir/c.log, $dir/.hidden.txt | Should -Be new, old, old, more, old
            Start-AsyncFileWrite $dir/a.txt x -Include *.log -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
            await (Start-AsyncFileWrite $dir/*hidden* forced -Force) -TimeoutSec 30
            Get-Content $dir/.hidden.txt | Should -Be forced
        }

        It 'refuses an object with a path but no value, and goes on' {
            Set-Content $file old
            $tasks = (Get-Item $file), [pscustomobject]@{ Path = $twin; Value = 'new' } |
                Start-AsyncFileWrite -ErrorVariable failures -ErrorAction SilentlyContinue
            await $tasks -TimeoutSec 30
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
            Get-Content $file, $twin | Should -Be 'old', 'new'
        }

        It 'takes values as they are when it starts' {
            $list = [Collections.Generic.List[string]] 'before'
            $task = Start-AsyncFileWrite $file $list
            $list.Add('after')
            await $task -TimeoutSec 30
            Get-Content $file | Should -Be 'before'
        }
    }

    Context 'Encodings' {
        It 'writes and appends <_> as Set-Content and Add-Content do' -ForEach @(
            'ascii', 'ansi', 'bigendianunicode', 'bigendianutf32', 'oem', 'unicode', 'utf7', 'utf8', 'utf8BOM', 'utf8NoBOM', 'utf32', 'iso-8859-1', 1251
        ) {
            Set-Content $twin 'aä€ щ', 'line' -Encoding $_ -WarningAction Ignore
            await (Start-AsyncFileWrite $file 'aä€ щ', 'line' -Encoding $_ -WarningAction Ignore) -TimeoutSec 30
            Get-Bytes $file | Should -Be (Get-Bytes $twin)

            Add-Content $twin 'more ä' -Encoding $_ -WarningAction Ignore
            await (Start-AsyncFileWrite $file 'more ä' -Append -Encoding $_ -WarningAction Ignore) -TimeoutSec 30
            Get-Bytes $file | Should -Be (Get-Bytes $twin)

            Add-Content "$twin-new" 'new ä' -Encoding $_ -WarningAction Ignore
            await (Start-AsyncFileWrite "$file-new" 'new ä' -Append -Encoding $_ -WarningAction Ignore) -TimeoutSec 30
            Get-Bytes "$file-new" | Should -Be (Get-Bytes "$twin-new")
        }

        It 'appends to a <_> file in its own encoding, as Add-Content does' -ForEach 'unicode', 'bigendianunicode', 'utf8BOM', 'utf32' {
            Set-Content $file, $twin 'aä' -Encoding $_
            Add-Content $twin 'bö'
            await (Start-AsyncFileWrite $file 'bö' -Append) -TimeoutSec 30
            Get-Bytes $file | Should -Be (Get-Bytes $twin)
        }

        It 'warns of UTF-7, as Set-Content does' {
            $null = Start-AsyncFileWrite $file x -Encoding utf7 -WarningVariable warnings -WarningAction SilentlyContinue | Wait-AsyncTask -TimeoutSec 30
            $warnings | Should -BeLike '*UTF-7*'
        }
    }

    Context 'Appending' {
        It 'keeps every line of a thousand appends to one file whole, in the order of their start' {
            $lines = 1..1000 | ForEach-Object { "$_ $('x' * ($_ % 200))" }
            $tasks = $lines | ForEach-Object { Start-AsyncFileWrite $file $_ -Append }
            await $tasks -TimeoutSec 30
            Get-Content $file | Should -Be $lines
        }
    }

    Context 'Replacing in one step' {
        It 'leaves no other file beside it' {
            await (Start-AsyncFileWrite $file one) -TimeoutSec 30
            await (Start-AsyncFileWrite $file two) -TimeoutSec 30
            (Get-ChildItem $dir -Force).Name | Should -Be 'file'
            Get-Content $file | Should -Be 'two'
        }

        It 'keeps the mode of the file and writes through links' -Skip:$IsWindows {
            Set-Content $file old
            chmod 640 $file
            $null = New-Item -ItemType SymbolicLink $twin -Target $file
            await (Start-AsyncFileWrite $twin new) -TimeoutSec 30
            Get-Content $file | Should -Be 'new'
            (Get-Item $twin).LinkTarget | Should -Be $file
            (Get-Item $file).UnixMode | Should -Be '-rw-r-----'
        }

        It 'leaves a file with mode <_> the rights that Set-Content leaves it' -Skip:$IsWindows -ForEach '4755', '2711', '6755', '666', '600' {
            Set-Content $file, $twin old
            chmod $_ $file $twin
            Set-Content $twin new
            await (Start-AsyncFileWrite $file new) -TimeoutSec 30
            Get-Rights $file | Should -Be (Get-Rights $twin)
        }

        It 'leaves a user''s file with mode <_> theirs, as Set-Content does (skipped unless root runs it)' -Skip:(-not $isRoot) -ForEach @(
            '4755', '6711', '640'
        ) {
            Set-Content $file, $twin old
            chown 12345:23456 $file $twin
            chmod $_ $file $twin
            Set-Content $twin new
            await (Start-AsyncFileWrite $file new) -TimeoutSec 30
            Get-Rights $file | Should -Be (Get-Rights $twin)
        }

        It 'writes a read-only file with -Force, and leaves it read-only' {
            Set-Content $file old
            (Get-Item $file).IsReadOnly = $true
            await (Start-AsyncFileWrite $file new -Force) -TimeoutSec 30
            await (Start-AsyncFileWrite $file more -Force -Append) -TimeoutSec 30
            Get-Content $file | Should -Be 'new', 'more'
            (Get-Item $file).IsReadOnly | Should -BeTrue
            (Get-Item $file).IsReadOnly = $false
        }

        It 'refuses a file that is there with -NoClobber' {
            Set-Content $file old
            $failure = Get-Failure { await (Start-AsyncFileWrite $file new -NoClobber) -TimeoutSec 30 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FileExists*'
            $failure.Exception | Should -BeOfType ([IO.IOException])
            await (Start-AsyncFileWrite $twin new -NoClobber) -TimeoutSec 30
            Get-Content $file, $twin | Should -Be 'old', 'new'
        }

        It 'refuses a link with -NoClobber, wherever that leads' -Skip:$IsWindows {
            foreach ($target in $file, $twin) {
                Set-Content $file old
                $null = New-Item -ItemType SymbolicLink $dir/link -Target $target -Force
                (Get-Failure { await (Start-AsyncFileWrite $dir/link new -NoClobber) }).FullyQualifiedErrorId | Should -BeLike 'FileExists*'
            }
            Get-Content $file | Should -Be old
            $twin | Should -Not -Exist
        }

        It 'never shows a reader half a file' {
            $a, $b = ('a' * 300kb), ('b' * 300kb)
            await (Start-AsyncFileWrite $file $a -NoNewline) -TimeoutSec 30
            $tasks = 1..50 | ForEach-Object {
                Start-AsyncFileWrite $file ($_ % 2 ? $b : $a) -NoNewline
                Start-AsyncFileRead $file
            }
            foreach ($text in $tasks | Wait-AsyncGather -TimeoutSec 30 | Where-Object { $_ }) {
                ($text -ceq $a -or $text -ceq $b) | Should -BeTrue
            }
        }
    }

    Context 'What ShouldProcess asks' {
        It 'starts and changes nothing with -WhatIf' {
            Set-Content $file old
            $session = New-TestSession
            try {
                $script = 'Start-AsyncFileWrite $file new -WhatIf; Start-AsyncFileWrite $file new -Append -WhatIf'
                Invoke-InSession $session $script @{ file = "$file" } | Should -BeNullOrEmpty
            } finally {
                Remove-TestSession $session
            }

            Get-Content $file | Should -Be 'old'
        }
    }

    Context 'Failures' {
        It 'fails alone for a directory where a file should be' {
            $null = New-Item -ItemType Directory $dir/sub
            $tasks = "$dir/1", "$dir/sub", "$dir/2" | ForEach-Object { [pscustomobject]@{ Path = $_; Value = 'text' } } | Start-AsyncFileWrite -PassThru
            $results = $tasks | Wait-AsyncGather -ReturnExceptions -TimeoutSec 30
            $results[0].Name | Should -Be '1'
            $results[1] | Should -BeOfType ([UnauthorizedAccessException])
            $results[2].Name | Should -Be '2'
            $failure = Get-Failure { await $tasks[1] -TimeoutSec 30 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FileIsDirectory*'
            "$failure" | Should -BeLike "*$dir?sub*directory*"
            (Get-ChildItem $dir -Force).Name | Sort-Object | Should -Be '1', '2', 'sub'

            (Get-Failure { await (Start-AsyncFileWrite $dir/sub x -Append) -TimeoutSec 30 }).FullyQualifiedErrorId | Should -BeLike 'FileIsDirectory*'
        }

        It 'gives <Id> for <Path>' -ForEach @(
            @{ Path = 'missing/file'; Id = 'FileNotFound' }
            @{ Path = 'env:ASYNCJOBS'; Id = 'FileProviderNotSupported' }
            @{ Path = 'NoSuchDrive:/file'; Id = 'FileNotFound' }
        ) {
            Push-Location $dir
            try {
                (Get-Failure { await (Start-AsyncFileWrite $Path x) -TimeoutSec 30 }).FullyQualifiedErrorId | Should -BeLike "$Id*"
                (Get-Failure { await (Start-AsyncFileWrite $Path x -Append) -TimeoutSec 30 }).FullyQualifiedErrorId | Should -BeLike "$Id*"
            }
            finally {
                Pop-Location
            }
        }

        It 'writes an error where wildcards match nothing, as Set-Content does' {
            Start-AsyncFileWrite $dir/none* x -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        }

        It 'knows a full device by its error, and leaves it a device' -Skip:(-not $IsLinux) {
            foreach ($task in (Start-AsyncFileWrite /dev/full x), (Start-AsyncFileWrite /dev/full x -Append)) {
                $failure = Get-Failure { await $task -TimeoutSec 30 }
                $failure.FullyQualifiedErrorId | Should -BeLike 'FileDiskFull*'
                $failure.Exception | Should -BeOfType ([IO.IOException])
            }

            (Get-Item /dev/full).UnixMode | Should -BeLike 'c*'
        }

        It 'leaves the old file whole when the disk is full (skipped where nothing can be mounted)' -Skip:(-not $canMount) {
            $disk = (New-Item -ItemType Directory $dir/disk).FullName
            $source = Join-Path $dir source
            Set-Content $source ('x' * 200000)
            mount -t tmpfs -o size=64k tmpfs $disk
            try {
                Set-Content $disk/kept, $disk/log old
                $tasks = @(
                    Start-AsyncFileWrite $disk/kept ('x' * 200000)
                    Start-AsyncFileWrite $disk/new ('x' * 200000)
                    Start-AsyncFileWrite $disk/log ('x' * 200000) -Append
                    Start-AsyncFileWrite $disk/newlog ('x' * 200000) -Append
                    Start-AsyncFileCopy $source $disk/copy
                    Start-AsyncFileWrite $file fits -PassThru
                )
                $results = $tasks | Wait-AsyncGather -ReturnExceptions -TimeoutSec 30
                $results[5].Name | Should -Be 'file'
                foreach ($task in $tasks[0..4]) {
                    $failure = Get-Failure { await $task -TimeoutSec 30 }
                    $failure.FullyQualifiedErrorId | Should -BeLike 'FileDiskFull*'
                    $failure.Exception | Should -BeOfType ([IO.IOException])
                    "$failure" | Should -BeLike "*$disk*"
                }

                Get-Content $disk/kept, $disk/log | Should -Be 'old', 'old'
                (Get-ChildItem $disk -Force).Name | Sort-Object | Should -Be 'kept', 'log'
            }
            finally {
                umount $disk
            }
        }

        It 'leaves the old file and no temporary when it is stopped' {
            Set-Content $file old
            $text = 'x' * 50mb
            $tasks = 1..8 | ForEach-Object { Start-AsyncFileWrite "$file" $text }
            foreach ($task in $tasks) { $null = $task.Cancel('enough') }
            foreach ($task in $tasks) { try { await $task -TimeoutSec 30 } catch { $_.FullyQualifiedErrorId | Should -BeLike 'AsyncCanceled*' } }
            (Get-ChildItem $dir -Force).Name | Should -Be 'file'
            Get-Content $file | Should -Be 'old'
        }
    }
}
