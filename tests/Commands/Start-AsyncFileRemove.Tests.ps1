BeforeDiscovery {
    $isRoot = $IsLinux -and (id -u) -eq '0'
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Import-Module $PSScriptRoot/../Support/Interruption.psm1

    function Get-Tree($Path) {
        Get-ChildItem $Path -Recurse -Force | ForEach-Object { [IO.Path]::GetRelativePath($Path, $_.FullName) } | Sort-Object
    }
}

Describe 'Start-AsyncFileRemove' {
    BeforeEach {
        $dir = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        $null = New-Item -ItemType Directory $dir/tree/sub/deep, $dir/empty
        foreach ($name in '1.txt', '2.log', 'tree/3.txt', 'tree/4.log', 'tree/sub/5.txt', 'tree/sub/deep/6.log') {
            [IO.File]::WriteAllText("$dir/$name", $name)
        }
    }

    It 'removes what Remove-Item removes with <Arguments>' -ForEach @(
        @{ Arguments = @{ Path = '1.txt' } }
        @{ Arguments = @{ Path = '1.txt', '2.log' } }
        @{ Arguments = @{ Path = '*.txt' } }
        @{ Arguments = @{ Path = 'none*' } }
        @{ Arguments = @{ LiteralPath = '1.txt' } }
        @{ Arguments = @{ Path = 'empty' } }
        @{ Arguments = @{ Path = 'tree'; Recurse = $true } }
        @{ Arguments = @{ Path = 'tree/'; Recurse = $true } }
        @{ Arguments = @{ Path = 'tree/*'; Recurse = $true } }
        @{ Arguments = @{ Path = '*'; Include = '*.txt' } }
        @{ Arguments = @{ Path = '*.*'; Exclude = '*.txt' } }
        @{ Arguments = @{ Path = '1.txt'; Include = '*.log' } }
        @{ Arguments = @{ Path = '*.*'; Filter = '*.LOG' } }
        @{ Arguments = @{ Path = 'tree/*'; Include = '*.txt'; Recurse = $true } }
        @{ Arguments = @{ Path = 'tree/*'; Include = 'sub'; Recurse = $true } }
    ) {
        Copy-Item $dir $dir-twin -Recurse
        Push-Location "$dir-twin"
        Remove-Item @Arguments
        Set-Location $dir
        $tasks = Start-AsyncFileRemove @Arguments
        Pop-Location
        @($tasks) | Wait-AsyncTask | Should -BeNullOrEmpty
        Get-Tree $dir | Should -Be (Get-Tree "$dir-twin")
    }

    It 'takes files from the pipeline, a task for each' {
        $tasks = Get-ChildItem $dir/tree -Recurse -File | Start-AsyncFileRemove
        $tasks.Count | Should -Be 4
        await $tasks
        Get-Tree $dir/tree | Should -Be 'sub', 'sub/deep'
    }

    It 'keeps what -Exclude names, at any depth, and the folders above it' {
        await (Start-AsyncFileRemove $dir/tree -Recurse -Exclude *.log)
        Get-Tree $dir/tree | Should -Be '4.log', 'sub', 'sub/deep', 'sub/deep/6.log'
    }

    It 'removes links, and never what they lead to' -Skip:$IsWindows {
        $null = New-Item -ItemType SymbolicLink $dir/tolink -Target $dir/1.txt
        $null = New-Item -ItemType SymbolicLink $dir/todir -Target $dir/tree
        $null = New-Item -ItemType SymbolicLink $dir/dangling -Target nowhere
        $null = New-Item -ItemType SymbolicLink $dir/empty/up -Target ..
        $null = New-Item -ItemType SymbolicLink $dir/empty/loop -Target loop
        await (Start-AsyncFileRemove $dir/tolink, $dir/todir, $dir/empty -Recurse)
        await (Start-AsyncFileRemove -LiteralPath $dir/dangling)
        Get-Tree $dir | Should -Be '1.txt', '2.log', 'tree', 'tree/3.txt', 'tree/4.log', 'tree/sub', 'tree/sub/5.txt', 'tree/sub/deep', 'tree/sub/deep/6.log'
        $null = New-Item -ItemType SymbolicLink $dir/todir -Target $dir/tree
        await (Start-AsyncFileRemove $dir/todir)
        "$dir/tree/3.txt" | Should -Exist
        "$dir/todir" | Should -Not -Exist
    }

    It 'removes hidden and read-only files with -Force alone' {
        [IO.File]::WriteAllText("$dir/tree/.hidden", '')
        if ($IsWindows) { (Get-Item $dir/tree/.hidden).Attributes = 'Hidden' }
        (Get-Item $dir/tree/3.txt).IsReadOnly = $true
        $failure = Get-Failure { await (Start-AsyncFileRemove $dir/tree -Recurse) }
        $failure.FullyQualifiedErrorId | Should -BeLike 'FileError*'
        "$failure" | Should -BeLike "*$dir?tree*Force*"
        Get-Tree $dir/tree | Should -Be '.hidden', '3.txt'
        (Get-Failure { await (Start-AsyncFileRemove $dir/tree/.hidden) }).FullyQualifiedErrorId | Should -BeLike 'FileAccessDenied*'
        await (Start-AsyncFileRemove $dir/tree -Recurse -Force)
        "$dir/tree" | Should -Not -Exist
        [IO.File]::WriteAllText("$dir/empty/.hidden", '')
        if ($IsWindows) { (Get-Item $dir/empty/.hidden).Attributes = 'Hidden' }
        Start-AsyncFileRemove $dir/empty/* | Should -BeNullOrEmpty
        await (Start-AsyncFileRemove $dir/empty/* -Force)
        Get-Tree $dir/empty | Should -BeNullOrEmpty
    }

    It 'refuses a folder with something in it unless told to recurse' {
        (Get-Failure { await (Start-AsyncFileRemove $dir/tree) }).FullyQualifiedErrorId | Should -BeLike 'DirectoryNotEmpty*'
        Get-Tree $dir/tree | Should -HaveCount 6
    }

    It 'refuses to remove the current location and what it is in' {
        Push-Location $dir/tree/sub
        try {
            foreach ($path in '.', '..', "$dir/tree") {
                (Get-Failure { await (Start-AsyncFileRemove $path -Recurse) }).FullyQualifiedErrorId | Should -BeLike 'FileError*'
            }
        } finally {
            Pop-Location
        }
        "$dir/tree/sub/deep/6.log" | Should -Exist
    }

    It 'fails alone for <Path> with <Id>' -ForEach @(
        @{ Path = 'missing'; Id = 'FileNotFound' }
        @{ Path = 'missing/deeper'; Id = 'FileNotFound' }
        @{ Path = 'env:PATH'; Id = 'FileProviderNotSupported' }
    ) {
        Push-Location $dir
        try {
            $failing, $other = Start-AsyncFileRemove $Path, 1.txt
            (Get-Failure { await $failing }).FullyQualifiedErrorId | Should -BeLike "$Id*"
            await $other
        } finally {
            Pop-Location
        }
        "$dir/1.txt" | Should -Not -Exist
    }

    It 'goes on where one item cannot be removed, and says which (skipped unless root runs it)' -Skip:(-not ($isRoot -and (Get-Command chattr -ErrorAction Ignore))) {
        chattr +i $dir/tree/sub/5.txt 2>$null
        if ($LASTEXITCODE) { Set-ItResult -Skipped -Because 'the file system has no such attribute'; return }
        try {
            $failure = Get-Failure { await (Start-AsyncFileRemove $dir/tree -Recurse) }
            "$failure" | Should -BeLike "*$dir?tree?sub?5.txt*"
            Get-Tree $dir/tree | Should -Be 'sub', 'sub/5.txt'
        } finally {
            chattr -i $dir/tree/sub/5.txt
        }
    }

    It 'starts and removes nothing with -WhatIf' {
        $session = New-TestSession
        try {
            Invoke-InSession $session 'Start-AsyncFileRemove $dir/* -Recurse -WhatIf' @{ dir = "$dir" } | Should -BeNullOrEmpty
        } finally {
            Remove-TestSession $session
        }
        Get-Tree $dir | Should -HaveCount 10
    }

    It 'asks with -Confirm' {
        (Get-Command Start-AsyncFileRemove).Parameters.Keys | Should -Contain Confirm
    }
}
