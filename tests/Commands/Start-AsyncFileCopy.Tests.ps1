BeforeDiscovery {
    # Only root may give files away.
    $isRoot = -not $IsWindows -and (id -u) -eq '0'
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    if (-not $IsWindows) { Import-Module $PSScriptRoot/../Support/Rights.psm1 }

    function Get-Tree($Path) {
        Get-ChildItem $Path -Recurse -Force | ForEach-Object {
            $text = $_ -is [IO.FileInfo] ? [IO.File]::ReadAllText($_.FullName) : '<dir>'
            "$([IO.Path]::GetRelativePath($Path, $_.FullName)) $text"
        } | Sort-Object
    }
}

Describe 'Start-AsyncFileCopy' {
    BeforeEach {
        $dir = Join-Path $TestDrive ([guid]::NewGuid())
        $null = New-Item -ItemType Directory $dir/from/sub/deep, $dir/to
        Set-Content $dir/from/1.txt one
        Set-Content $dir/from/2.txt two
        Set-Content $dir/from/sub/deep/3.txt three
    }

    Context 'Files' {
        It 'copies content, time and mode' {
            (Get-Item $dir/from/1.txt).LastWriteTimeUtc = [datetime]'2001-02-03'
            if (-not $IsWindows) { chmod 750 $dir/from/1.txt }
            await (Start-AsyncFileCopy $dir/from/1.txt $dir/copy) -TimeoutSec 30 | Should -BeNullOrEmpty
            Get-Content $dir/copy | Should -Be 'one'
            (Get-Item $dir/copy).LastWriteTimeUtc | Should -Be ([datetime]'2001-02-03')
            (Get-Item $dir/copy).UnixMode | Should -Be (Get-Item $dir/from/1.txt).UnixMode
        }

        It 'copies into a directory, by wildcard and from Get-ChildItem' {
            await (Start-AsyncFileCopy $dir/from/*.txt -Destination $dir/to) -TimeoutSec 30
            (Get-ChildItem $dir/to -Force).Name | Sort-Object | Should -Be '1.txt', '2.txt'
            $null = New-Item -ItemType Directory $dir/to2
            Get-ChildItem $dir/from -File | Start-AsyncFileCopy -Destination $dir/to2 | Wait-AsyncTask -TimeoutSec 30
            (Get-ChildItem $dir/to2 -Force).Name | Sort-Object | Should -Be '1.txt', '2.txt'
        }

        It 'copies to the current location unless told where' {
            Push-Location $dir/to
            $task = Start-AsyncFileCopy ../from/1.txt
            Pop-Location
            await $task -TimeoutSec 30
            "$dir/to/1.txt" | Should -Exist
        }

        It 'gives the copy with -PassThru' {
            $copy = await (Start-AsyncFileCopy -LiteralPath $dir/from/1.txt -Destination $dir/to -PassThru) -TimeoutSec 30
            $copy | Should -BeOfType ([IO.FileInfo])
            $copy.FullName | Should -Be ([IO.Path]::GetFullPath("$dir/to/1.txt"))
        }

        It 'copies a large file whole' {
            $bytes = [byte[]]::new(5mb + 3)
            [Random]::new(1).NextBytes($bytes)
            [IO.File]::WriteAllBytes("$dir/large", $bytes)
            await (Start-AsyncFileCopy $dir/large $dir/copy) -TimeoutSec 30
            (Get-FileHash $dir/copy).Hash | Should -Be (Get-FileHash $dir/large).Hash
        }

        It 'starts and copies nothing with -WhatIf' {
            $session = New-TestSession
            try {
                Invoke-InSession $session 'Start-AsyncFileCopy $dir/from $dir/new -Recurse -WhatIf' @{ dir = "$dir" } | Should -BeNullOrEmpty
            } finally {
                Remove-TestSession $session
            }

            "$dir/new" | Should -Not -Exist
        }
    }

    Context 'Directories' {
        It 'does as Copy-Item with <Name>' -ForEach @(
            @{ Name = '-Recurse to a new name'; Arguments = @{ Path = 'from'; Destination = 'new'; Recurse = $true } }
            @{ Name = '-Recurse into a directory'; Arguments = @{ Path = 'from'; Destination = 'to'; Recurse = $true } }
            @{ Name = 'no -Recurse'; Arguments = @{ Path = 'from'; Destination = 'to' } }
            @{ Name = 'no -Recurse, to a new name'; Arguments = @{ Path = 'from'; Destination = 'new' } }
            @{ Name = 'wildcards'; Arguments = @{ Path = 'from/*'; Destination = 'to'; Recurse = $true } }
            @{ Name = '-Container:$false into a directory'; Arguments = @{ Path = 'from'; Destination = 'to'; Container = $false; Recurse = $true } }
            @{ Name = '-Container:$false to a new name'; Arguments = @{ Path = 'from'; Destination = 'new'; Container = $false; Recurse = $true } }
            @{ Name = '-Exclude'; Arguments = @{ Path = 'from'; Destination = 'new'; Exclude = '2*', 'deep'; Recurse = $true } }
            @{ Name = '-Exclude and wildcards'; Arguments = @{ Path = 'from/*'; Destination = 'to'; Exclude = '2*', '3*'; Recurse = $true } }
            @{ Name = '-Filter'; Arguments = @{ Path = 'from'; Destination = 'new'; Filter = '*1.txt'; Recurse = $true } }
            @{ Name = '-Filter that leaves folders alone'; Arguments = @{ Path = 'from'; Destination = 'new'; Filter = '3*'; Recurse = $true } }
            @{ Name = '-Include and wildcards'; Arguments = @{ Path = 'from/*'; Destination = 'to'; Include = '1*', 's*'; Recurse = $true } }
            @{ Name = '-Filter and wildcards'; Arguments = @{ Path = 'from/*'; Destination = 'to'; Filter = '1*'; Recurse = $true } }
            @{ Name = 'two directories to a new name'; Arguments = @{ Path = 'from', 'to'; Destination = 'new'; Recurse = $true } }
        ) {
            Copy-Item $dir $dir-twin -Recurse
            Push-Location $dir-twin
            $expected = Copy-Item @Arguments -PassThru
            Set-Location $dir
            $actual = Start-AsyncFileCopy @Arguments -PassThru | Wait-AsyncTask -TimeoutSec 30
            Pop-Location
            Get-Tree $dir | Should -Be (Get-Tree "$dir-twin")
            ($actual.FullName | Sort-Object) | Should -Be ($expected.FullName.Replace("$dir-twin", $dir) | Sort-Object)
        }

        It 'refuses to copy a directory into itself' {
            $failure = Get-Failure { await (Start-AsyncFileCopy $dir/from $dir/from/sub -Recurse) -TimeoutSec 30 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FileError*'
            "$dir/from/sub/from" | Should -Not -Exist
        }
    }

    Context 'Rights' -Skip:$IsWindows {
        It 'gives a copy of a file with mode <_> the rights that Copy-Item gives it' -ForEach '4755', '2755', '6750', '1755', '640', '644', '400' {
            chmod $_ $dir/from/1.txt
            foreach ($umask in '022', '077') {
                Invoke-WithUmask $umask {
                    Set-Content $dir/to/ours, $dir/to/theirs old
                    chmod 4755 $dir/to/ours $dir/to/theirs
                    foreach ($folder in 'to', 'from') {
                        await (Start-AsyncFileCopy $dir/from/1.txt $dir/$folder/ours) -TimeoutSec 30
                        Copy-Item $dir/from/1.txt $dir/$folder/theirs
                        Get-Rights $dir/$folder/ours | Should -Be (Get-Rights $dir/$folder/theirs)
                    }
                }

                Remove-Item $dir/to/*, $dir/from/ours, $dir/from/theirs -Force
            }
        }

        It 'makes no set-id file of root out of a user''s file with mode <_> (skipped unless root runs it)' -Skip:(-not $isRoot) -ForEach @(
            '4755', '2755', '6755', '6750'
        ) {
            Set-Content $dir/to/ours, $dir/to/theirs old
            chown 34567:45678 $dir/to/theirs
            foreach ($file in 'from/1.txt', 'from/sub/deep/3.txt', 'to/ours', 'to/theirs') {
                if ($file -like 'from*') { chown 12345:23456 $dir/$file }
                chmod $_ $dir/$file
            }

            await (Start-AsyncFileCopy $dir/from/1.txt $dir/to/ours) -TimeoutSec 30
            await (Start-AsyncFileCopy $dir/from/1.txt $dir/to/theirs -Force) -TimeoutSec 30
            await (Start-AsyncFileCopy $dir/from $dir/to -Recurse) -TimeoutSec 30
            $mode = $_.Substring(1)
            Get-Rights $dir/to/ours | Should -Be "$mode 0:0"
            Get-Rights $dir/to/theirs | Should -Be "$mode 34567:45678"
            Get-Rights $dir/to/from/1.txt | Should -Be "$mode 0:0"
            Get-Rights $dir/to/from/sub/deep/3.txt | Should -Be "$mode 0:0"
        }

        It 'opens neither a half-made copy nor a folder to more than the source, under umask <_>' -ForEach @(
            '000', '022', '077'
        ) {
            mkfifo $dir/from/sub/pipe
            chmod 640 $dir/from/sub/pipe
            chmod 750 $dir/from/sub
            chmod 700 $dir/from
            Invoke-WithUmask $_ {
                # Both ends of the pipe: the copy stands still until they are closed.
                $pipe = [IO.FileStream]::new("$dir/from/sub/pipe", 'Open', 'ReadWrite', 'ReadWrite', 0)
                try {
                    $pipe.Write([byte[]](1, 2, 3))
                    $task = Start-AsyncFileCopy $dir/from $dir/new -Recurse
                    Wait-Until { Get-ChildItem $dir/new/sub -Force -Filter *.tmp -ErrorAction Ignore | Where-Object Length }
                    Get-ExcessMode (Get-ChildItem $dir/new/sub -Force -Filter *.tmp).FullName 600 | Should -Be '0'
                    Get-ExcessMode $dir/new 700 | Should -Be '0'
                    Get-ExcessMode $dir/new/sub 750 | Should -Be '0'
                }
                finally {
                    $pipe.Dispose()
                }

                await $task -TimeoutSec 30
            }

            (Get-Rights $dir/new/sub/pipe) -replace ' .*' | Should -Be '640'
            Get-ExcessMode $dir/new 700 | Should -Be '0'
            Get-ExcessMode $dir/new/sub 750 | Should -Be '0'
        }

        It 'makes a folder without -Recurse no more open than the source' {
            chmod 700 $dir/from
            Invoke-WithUmask 000 { await (Start-AsyncFileCopy $dir/from $dir/new) -TimeoutSec 30 }
            Get-ExcessMode $dir/new 700 | Should -Be '0'
        }
    }

    Context 'Failures' {
        It 'gives <Id> for <Path> to <Destination>, and the others go on' -ForEach @(
            @{ Path = 'from/missing'; Destination = 'to'; Id = 'FileNotFound' }
            @{ Path = 'from/1.txt'; Destination = 'missing/1.txt'; Id = 'FileNotFound' }
            @{ Path = 'from/1.txt'; Destination = 'missing/'; Id = 'FileNotFound' }
            @{ Path = 'from/1.txt'; Destination = 'from'; Id = 'FileError' }
            @{ Path = 'from'; Destination = 'from/1.txt'; Id = 'FileError' }
            @{ Path = 'env:PATH'; Destination = 'to'; Id = 'FileProviderNotSupported' }
            @{ Path = 'from/1.txt'; Destination = 'env:PATH'; Id = 'FileProviderNotSupported' }
        ) {
            Push-Location $dir
            $failing = Start-AsyncFileCopy $Path $Destination -Recurse
            $other = Start-AsyncFileCopy from/2.txt to
            Pop-Location
            (Get-Failure { await $failing -TimeoutSec 30 }).FullyQualifiedErrorId | Should -BeLike "$Id*"
            await $other -TimeoutSec 30
            Get-Content $dir/to/2.txt | Should -Be 'two'
            Get-Content $dir/from/1.txt | Should -Be 'one'
        }

        It 'copies nothing where wildcards match nothing, as Copy-Item does' {
            Start-AsyncFileCopy $dir/none* $dir/to -ErrorAction Stop | Should -BeNullOrEmpty
        }

        It 'knows a full device by its error, and leaves it a device' -Skip:(-not $IsLinux) {
            (Get-Failure { await (Start-AsyncFileCopy $dir/from/1.txt /dev/full) -TimeoutSec 30 }).FullyQualifiedErrorId | Should -BeLike 'FileDiskFull*'
            (Get-Item /dev/full).UnixMode | Should -BeLike 'c*'
        }

        It 'leaves the old file and no temporary when it is stopped or late' {
            [IO.File]::WriteAllBytes("$dir/large", [byte[]]::new(64mb))
            Set-Content $dir/to/large old
            $stopped = Start-AsyncFileCopy $dir/large $dir/to
            $null = $stopped.Cancel('enough')
            (Get-Failure { await $stopped -TimeoutSec 30 }).FullyQualifiedErrorId | Should -BeLike 'AsyncCanceled*'
            $late = Start-AsyncFileCopy $dir/large $dir/to -TimeoutSec 0.001
            (Get-Failure { await $late -TimeoutSec 30 }).FullyQualifiedErrorId | Should -BeLike 'AsyncTimeout*'
            (Get-ChildItem $dir/to -Force).Name | Sort-Object | Should -Be 'large'
            Get-Content $dir/to/large | Should -Be 'old'
        }
    }
}
