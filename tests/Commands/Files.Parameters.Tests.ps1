BeforeDiscovery {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    $common = [Management.Automation.PSCmdlet]::CommonParameters
    $theirs, $ours = '', ''
    $rows = switch -Regex -File $PSScriptRoot/file-parameters.md {
        '^## (\S+) and (\S+)$' { $theirs, $ours = $Matches[1, 2] }
        '^\| `-(\w+)` \| (?:`-(\w+)`|no) \| (.*) ?\|$' {
            @{ Theirs = $theirs; Ours = $ours; Name = $Matches[1]; Here = $Matches[2]; Why = $Matches[3].Trim() }
        }
    }

    $pairs = $rows | Group-Object { $_.Theirs } | ForEach-Object {
        @{ Theirs = $_.Name; Listed = @($_.Group.Name); Known = @((Get-Command $_.Name).Parameters.Keys | Where-Object { $_ -notin $common }) }
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
}

Describe 'The parameters of the built-in file cmdlets' {
    It 'lists all of <Theirs>, which are those of PowerShell 7.4 and later' -ForEach $pairs {
        # That of streams is one of Windows.
        $Known | Where-Object { $_ -notin $Listed -and $_ -ne 'Stream' } | Should -BeNullOrEmpty
        $Listed | Where-Object { $_ -notin $Known } | Should -BeNullOrEmpty
    }

    It '<Ours> has for -<Name> of <Theirs> what the table says' -ForEach $rows {
        $their = (Get-Command $Theirs).Parameters[$Name]
        $our = (Get-Command $Ours).Parameters.Values | Where-Object { $_.Name -eq $Name -or $_.Aliases -contains $Name }
        $our.Name | Should -Be $Here
        if ($our) {
            foreach ($alias in $their.Aliases) { $our.Name, $our.Aliases | Write-Output | Should -Contain $alias }
            $our.SwitchParameter | Should -Be $their.SwitchParameter
            if ($their.ParameterType.IsArray) { $our.ParameterType.IsArray -or $our.ParameterType -eq [object] | Should -BeTrue }
        } else {
            $Why | Should -Not -BeNullOrEmpty
        }
    }
}
