BeforeAll {
    Import-Module $PSScriptRoot/../output/AsyncJobs
}

Describe 'Get-AsyncTask' {
    BeforeEach {
        $tasks = @(Start-AsyncSleep 60 -Name alpha; Start-AsyncSleep 60 -Name beta)
        $done = Start-AsyncSleep 0 -Name alphaDone
        await $done
    }

    AfterEach {
        Stop-AsyncTask $tasks
        $tasks | Wait-AsyncGather -ReturnExceptions | Out-Null
    }

    It 'writes the tasks that are not done, oldest first' {
        Get-AsyncTask | Should -Be $tasks
    }

    It 'finds by -Name with wildcards' {
        (Get-AsyncTask -Name 'al*').Name | Should -Be 'alpha'
        (Get-AsyncTask alpha, beta).Name | Should -Be 'alpha', 'beta'
    }

    It 'finds by -State, also those done that a variable holds' {
        Get-AsyncTask -State Completed -Name alphaDone | Should -Contain $done
        Get-AsyncTask -State Running | Should -Be $tasks
    }

    It 'finds by -Id' {
        Get-AsyncTask -Id $tasks[1].Id, $done.Id | Should -Be $tasks[1], $done
    }

    It 'writes an error for an id that is not known, and goes on' {
        $found = Get-AsyncTask -Id 2147483647, $tasks[0].Id -ErrorAction SilentlyContinue -ErrorVariable failures
        $found | Should -Be $tasks[0]
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'TaskNotFound,*'
    }

    It 'writes nothing where nothing matches' {
        Get-AsyncTask -Name nothing | Should -Be $null
    }

    It 'shows id, name, kind, state, duration and origin as a table' {
        $table = Get-AsyncTask -Name alpha | Out-String -Width 200
        $table | Should -Match 'Id\s+Name\s+Kind\s+State\s+Duration\s+Origin'
        $table | Should -Match 'alpha\s+IO\s+Running'
    }
}
