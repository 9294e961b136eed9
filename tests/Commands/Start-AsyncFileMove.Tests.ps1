BeforeDiscovery {
    $isRoot = $IsLinux -and (id -u) -eq '0'
    $hasOther = $IsLinux -and (Test-Path /dev/shm) -and (stat -c %d /dev/shm) -ne (stat -c %d ([IO.Path]::GetTempPath()))
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    if (-not $IsWindows) { Import-Module $PSScriptRoot/../Support/Rights.psm1 }

    function Get-Tree($Path) {
        Get-ChildItem $Path -Recurse -Force | ForEach-Object {
            $text = $_.LinkTarget ? "-> $($_.LinkTarget)" : $_ -is [IO.FileInfo] ? [IO.File]::ReadAllText($_.FullName) : '<dir>'
            "$([IO.Path]::GetRelativePath($Path, $_.FullName)) $text"
        } | Sort-Object
    }
}

Describe 'Start-AsyncFileMove' {
    BeforeEach {
        $dir = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        $null = New-Item -ItemType Directory $dir/tree/sub, $dir/to
        foreach ($name in '1.txt', '2.log', 'tree/3.txt', 'tree/sub/4.log', 'to/2.log') {
            [IO.File]::WriteAllText("$dir/$name", $name)
        }
    }

    It 'moves what Move-Item moves with <Arguments>' -ForEach @(
        @{ Arguments = @{ Path = '1.txt'; Destination = 'new.txt' } }
        @{ Arguments = @{ Path = '1.txt'; Destination = 'to' } }
        @{ Arguments = @{ Path = '1.txt'; Destination = 'to/' } }
        @{ Arguments = @{ Path = 'tree'; Destination = 'to' } }
        @{ Arguments = @{ Path = 'tree'; Destination = 'renamed' } }
        @{ Arguments = @{ Path = 'tree/'; Destination = 'renamed' } }
        @{ Arguments = @{ Path = 'tree/*'; Destination = 'to' } }
        @{ Arguments = @{ LiteralPath = 'tree/3.txt' } }
        @{ Arguments = @{ Path = '2.log'; Destination = 'to'; Force = $true } }
        @{ Arguments = @{ Path = '2.log'; Destination = '1.txt'; Force = $true } }
        @{ Arguments = @{ Path = '1.txt'; Destination = '1.txt' } }
        @{ Arguments = @{ Path = 'none*'; Destination = 'to' } }
        @{ Arguments = @{ Path = '*'; Destination = 'to'; Include = '*.txt' } }
        @{ Arguments = @{ Path = '*.*'; Destination = 'to'; Exclude = '*.log' } }
        @{ Arguments = @{ Path = '*'; Destination = 'to'; Filter = '*.TXT' } }
    ) {
        Copy-Item $dir $dir-twin -Recurse
        Push-Location "$dir-twin"
        $expected = Move-Item @Arguments -PassThru
        Set-Location $dir
        $tasks = Start-AsyncFileMove @Arguments -PassThru
        Pop-Location
        $moved = @($tasks) | Wait-AsyncGather
        Get-Tree $dir | Should -Be (Get-Tree "$dir-twin")
        $paths = $expected | ForEach-Object { $_.FullName.Replace("$dir-twin", $dir).TrimEnd('/', '\') } | Sort-Object
        $moved.FullName | Sort-Object | Should -Be $paths
        $moved | ForEach-Object { $_.GetType().Name } | Sort-Object | Should -Be ($expected | ForEach-Object { $_.GetType().Name } | Sort-Object)
    }

    It 'moves files that come by the pipeline, and objects that bring their destination' {
        Get-ChildItem $dir/tree -File | Start-AsyncFileMove -Destination $dir/to | Wait-AsyncTask
        [pscustomobject]@{ Path = "$dir/1.txt"; Destination = "$dir/to/one" } | Start-AsyncFileMove | Wait-AsyncTask
        (Get-ChildItem $dir/to).Name | Sort-Object | Should -Be 2.log, 3.txt, one
    }

    It 'moves a link itself' -Skip:$IsWindows {
        foreach ($target in '1.txt', 'tree', 'nowhere') { $null = New-Item -ItemType SymbolicLink "$dir/link-$target" -Target $target }
        await (Start-AsyncFileMove -LiteralPath "$dir/link-1.txt", "$dir/link-tree", "$dir/link-nowhere" -Destination $dir/to)
        Get-Tree $dir/to | Should -Be '2.log to/2.log', 'link-1.txt -> 1.txt', 'link-nowhere -> nowhere', 'link-tree -> tree'
        "$dir/tree/3.txt" | Should -Exist
    }

    It 'fails alone for <Path> to <Destination> with <Id>, and loses nothing' -ForEach @(
        @{ Path = 'missing'; Destination = 'to'; Id = 'FileNotFound' }
        @{ Path = '1.txt'; Destination = 'missing/1.txt'; Id = 'FileNotFound' }
        @{ Path = '2.log'; Destination = 'to'; Id = 'FileExists' }
        @{ Path = '1.txt'; Destination = '2.log'; Id = 'FileExists' }
        @{ Path = 'tree'; Destination = '1.txt'; Id = 'FileExists' }
        @{ Path = 'tree'; Destination = 'tree/sub/inner'; Id = 'FileError' }
        @{ Path = 'tree'; Destination = 'tree'; Id = 'FileError' }
        @{ Path = 'env:PATH'; Destination = 'to'; Id = 'FileProviderNotSupported' }
        @{ Path = '1.txt'; Destination = 'env:PATH'; Id = 'FileProviderNotSupported' }
    ) {
        $before = Get-Tree $dir
        Push-Location $dir
        try {
            (Get-Failure { await (Start-AsyncFileMove $Path $Destination) }).FullyQualifiedErrorId | Should -BeLike "$Id*"
        } finally {
            Pop-Location
        }
        Get-Tree $dir | Should -Be $before
    }

    It 'starts and moves nothing with -WhatIf' {
        $session = New-TestSession
        try {
            Invoke-InSession $session 'Start-AsyncFileMove $dir/1.txt $dir/to -WhatIf' @{ dir = "$dir" } | Should -BeNullOrEmpty
        } finally {
            Remove-TestSession $session
        }
        "$dir/1.txt" | Should -Exist
    }

    Context 'To another file system (skipped where /dev/shm is none)' -Skip:(-not $hasOther) {
        BeforeEach {
            $other = "/dev/shm/asyncjobs-$(New-Guid)"
            $null = New-Item -ItemType Directory $other
        }

        AfterEach {
            Remove-Item $other -Recurse -Force
        }

        It 'moves files, folders and links with their times and modes' {
            $null = New-Item -ItemType SymbolicLink $dir/tree/link -Target 3.txt
            chmod 4751 $dir/1.txt
            chmod 710 $dir/tree/sub
            (Get-Item $dir/1.txt).LastWriteTimeUtc = [datetime]'2001-02-03'
            $before = Get-Tree $dir/tree
            await (Start-AsyncFileMove $dir/1.txt, $dir/tree $other)
            Get-Tree $other/tree | Should -Be $before
            (Get-Rights $other/tree/sub) -replace ' .*' | Should -Be '710'
            (Get-Item $other/1.txt).LastWriteTimeUtc | Should -Be ([datetime]'2001-02-03')
            "$dir/1.txt", "$dir/tree" | Should -Not -Exist
        }

        It 'leaves files and folders theirs (skipped unless root runs it)' -Skip:(-not $isRoot) {
            chown -R 12345:23456 $dir/tree
            chmod 6751 $dir/tree/3.txt
            chmod 2750 $dir/tree/sub
            await (Start-AsyncFileMove $dir/tree $other)
            Get-Rights $other/tree/3.txt | Should -Be '6751 12345:23456'
            Get-Rights $other/tree/sub | Should -Be '2750 12345:23456'
        }

        It 'replaces a file with -Force alone' {
            Set-Content $other/2.log old
            (Get-Failure { await (Start-AsyncFileMove $dir/2.log $other) }).FullyQualifiedErrorId | Should -BeLike 'FileExists*'
            await (Start-AsyncFileMove $dir/2.log $other -Force)
            Get-Content $other/2.log | Should -Be '2.log'
            "$dir/2.log" | Should -Not -Exist
        }

        It 'takes the place of a link with -Force, and leaves alone what that leads to' {
            Set-Content $other/kept kept
            foreach ($target in 'kept', 'nothing', "$dir/1.txt", "$dir/moved") {
                $null = New-Item -ItemType SymbolicLink $other/link -Target $target -Force
                Set-Content $dir/moved new
                await (Start-AsyncFileMove $dir/moved $other/link -Force)
                (Get-Item $other/link).LinkType | Should -BeNullOrEmpty
                Get-Content $other/link | Should -Be new
                Remove-Item $other/link
            }
            Get-Content $other/kept | Should -Be kept
            "$other/nothing" | Should -Not -Exist
        }

        It 'moves a link over a file or a link with -Force' {
            foreach ($source in "$dir/1.txt", $dir, 'nothing') {
                $null = New-Item -ItemType SymbolicLink $dir/link -Target $source -Force
                Set-Content $other/kept kept
                $null = New-Item -ItemType SymbolicLink $other/link -Target kept -Force
                (Get-Failure { await (Start-AsyncFileMove $dir/link $other/link) }).FullyQualifiedErrorId | Should -BeLike 'FileExists*'
                await (Start-AsyncFileMove $dir/link $other/link -Force)
                (Get-Item $other/link).LinkTarget | Should -Be $source
                Test-Path $dir/link | Should -BeFalse
                $null = New-Item -ItemType SymbolicLink $dir/link -Target $source -Force
                await (Start-AsyncFileMove $dir/link $other/kept -Force)
                (Get-Item $other/kept).LinkTarget | Should -Be $source
                Remove-Item $other/kept, $other/link
            }
            Get-ChildItem $other -Force | Should -BeNullOrEmpty
        }

        It 'leaves the source whole and nothing at the target where a part cannot be moved' {
            mkfifo $dir/tree/sub/pipe
            (Get-Failure { await (Start-AsyncFileMove $dir/tree $other) }).FullyQualifiedErrorId | Should -BeLike 'FileError*'
            "$dir/tree/3.txt", "$dir/tree/sub/4.log" | Should -Exist
            Get-ChildItem $other -Force | Should -BeNullOrEmpty
        }
    }
}
