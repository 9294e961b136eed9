BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1
}

Describe 'The commands of the engine' {
    It 'are in no list, inside a thread task as outside' {
        $list = { Get-Command -Module AsyncJobs | ForEach-Object { "$($_.CommandType) $($_.Name)" } | Sort-Object }
        $outside = & $list
        $outside.Count | Should -BeGreaterThan 50
        await (Start-AsyncTask $list -OnThread) -TimeoutSec 60 | Should -Be $outside
    }

    It 'are not found by name in a thread task' {
        $named = { Get-Command *-AsyncCoroutine*, Send-Async*, Out-Async*, Invoke-AsyncLoopGround, Invoke-AsyncJobs*, Enter-AsyncJobs* -ErrorAction Ignore }
        (& $named).Name | Should -Be 'Send-AsyncCondition'
        (await (Start-AsyncTask $named -OnThread) -TimeoutSec 60).Name | Should -Be 'Send-AsyncCondition'
    }

    It 'are no public types with a cmdlet''s name' {
        $assembly = (Get-Command Start-AsyncTask).ImplementingType.Assembly
        $cmdlets = $assembly.GetExportedTypes() | Where-Object { [Attribute]::IsDefined($_, [System.Management.Automation.CmdletAttribute]) }
        $cmdlets.Name | Sort-Object | Should -Be ((Get-Command -Module AsyncJobs -CommandType Cmdlet).ImplementingType.Name | Sort-Object)
    }
}

Describe 'A thread task' {
    It 'calls our cmdlets by the name of their module, too' {
        await (Start-AsyncTask { AsyncJobs\Wait-AsyncTask (AsyncJobs\Start-AsyncSleep 0 -Result 1) } -OnThread) -TimeoutSec 60 | Should -Be 1
    }

    It 'asks for modules through an alias as by name' {
        await (Start-AsyncTask { (gmo AsyncJobs).Name, (gcm New-AsyncLock).Source } -OnThread) -TimeoutSec 60 | Should -Be 'AsyncJobs', 'AsyncJobs'
    }
}
