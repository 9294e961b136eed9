# Start-AsyncFileCopy -ToSession and -FromSession. The other side is a child process on this machine.
BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    Import-Module $PSScriptRoot/../Support/TestSshServer.psm1
    $session = New-TestProcessSession
}

AfterAll {
    $session | Remove-PSSession
}

Describe 'Start-AsyncFileCopy with a session' {
    BeforeEach {
        $here = (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))).FullName
        $there = (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))).FullName
        1..3 | ForEach-Object { Set-Content "$here/file$_.txt" "content $_" }
    }

    It 'copies to it, a task for each file that wildcards match, one after the other' {
        $tasks = Start-AsyncFileCopy "$here/file*.txt" $there -Exclude *3.txt -ToSession $session
        $tasks.Count | Should -Be 2
        $tasks.InputObject | Should -Be "$here/file1.txt", "$here/file2.txt"
        $null = $tasks | Wait-AsyncGather -TimeoutSec 120
        (Get-ChildItem $there).Name | Should -Be file1.txt, file2.txt
        Get-Content $there/file2.txt | Should -Be 'content 2'
    }

    It 'copies from it, with wildcards of the other side, to a place of this session' {
        Push-Location $here
        try {
            await (Start-AsyncFileCopy "$here/file?.txt" ../$(Split-Path -Leaf $there) -FromSession $session) -TimeoutSec 120
        } finally {
            Pop-Location
        }
        (Get-ChildItem $there).Name | Should -Be file1.txt, file2.txt, file3.txt
    }

    It 'copies folders' {
        $null = New-Item -ItemType Directory $here/inner
        Set-Content $here/inner/deep.txt deep
        await (Start-AsyncFileCopy $here $there/copy -Recurse -ToSession $session) -TimeoutSec 120
        Get-Content $there/copy/inner/deep.txt | Should -Be deep
    }

    It 'takes names with wildcards as they are, by -LiteralPath' {
        Set-Content -LiteralPath "$here/a[1].txt" literal
        await (Start-AsyncFileCopy -LiteralPath "$here/a[1].txt" $there/b.txt -ToSession $session) -TimeoutSec 120
        Get-Content $there/b.txt | Should -Be literal
    }

    It 'fails the task of a file that is not there, <Direction>, and no other' -TestCases @{ Direction = 'ToSession'; Id = 'PathNotFound' }, @{ Direction = 'FromSession'; Id = 'RemotePathNotFound' } {
        $where = @{ $Direction = $session }
        $tasks = "$here/none.txt", "$here/file1.txt" | Start-AsyncFileCopy -Destination $there @where
        { await $tasks[0] -TimeoutSec 120 } | Should -Throw -ErrorId "$Id,*"
        await $tasks[1] -TimeoutSec 120
        Get-Content $there/file1.txt | Should -Be 'content 1'
    }

    It 'goes on in a coroutine, and others meanwhile' {
        $count = @{ Turns = 0 }
        $other = Start-AsyncTask -OnLoop { while ($true) { $count.Turns++; await (Start-AsyncSleep 0.01) } }
        try {
            await (Start-AsyncTask -OnLoop { await (Start-AsyncFileCopy $here/file1.txt $there -ToSession $session) }) -TimeoutSec 120
        } finally {
            Stop-AsyncTask $other
        }
        Get-Content $there/file1.txt | Should -Be 'content 1'
        $count.Turns | Should -BeGreaterThan 1
    }

    It 'only says what it would do with -WhatIf' {
        Start-AsyncFileCopy $here/file1.txt $there -ToSession $session -WhatIf | Should -BeNullOrEmpty
        Start-AsyncFileCopy $here/file1.txt $there -FromSession $session -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem $there | Should -BeNullOrEmpty
    }

    It 'refuses <Given>' -TestCases @(
        @{ Given = 'both directions'; With = { @{ ToSession = $session; FromSession = $session } }; Names = '-ToSession and -FromSession' }
        @{ Given = '-Include from a session'; With = { @{ FromSession = $session; Include = '*.txt' } }; Names = '-Include' }
        @{ Given = '-Filter from a session'; With = { @{ FromSession = $session; Filter = '*.txt' } }; Names = '-Filter' }
    ) {
        $with = & $With
        { Start-AsyncFileCopy $here/file1.txt $there @with } | Should -Throw -ErrorId 'InvalidArgument*' -ExpectedMessage "*$Names*"
    }
}
