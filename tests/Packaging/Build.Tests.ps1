# What builds the module: the commands that the README promises, and the step that puts the files together.
BeforeAll {
    $root = Convert-Path "$PSScriptRoot/../.."
    . "$root/.build/Tools.ps1"
    . "$root/.build/Steps.ps1"
}

Describe 'The commands' {
    It 'of CI are the README''s test command, after what it installs' {
        $command = 'dotnet tool restore && dotnet pwsh ./build.ps1 -Task Test'
        Get-Content "$root/README.md" | Should -Contain $command
        (Get-Content "$root/.ci/run")[-1] | Should -Be $command
    }

    It 'take one pinned PowerShell that the module runs on' {
        $tool = (Get-Content "$root/.config/dotnet-tools.json" -Raw | ConvertFrom-Json).tools.powershell
        $tool.commands | Should -Be 'pwsh'
        [version] $tool.version | Should -BeGreaterOrEqual (Import-PowerShellDataFile "$root/AsyncJobs.psd1").PowerShellVersion
    }

    It 'say which test there is none of' {
        Push-Location $root
        try { { Test-Module -Name No-Such-Thing -Configuration Release } | Should -Throw 'There is no test named No-Such-Thing.' }
        finally { Pop-Location }
    }
}

Describe 'The test run' {
    It 'goes on when a test file writes on the error stream, and shows it' {
        Set-Content "$TestDrive/Loud.Tests.ps1" "Describe Loud { It speaks { [Console]::Error.WriteLine('said on the error stream'); 1 | Should -Be 1 } }"
        $taken = New-Item -ItemType Directory "$TestDrive/taken"
        $pester = (Get-Module Pester).Path
        $ErrorActionPreference = 'Stop'
        $count, $said = (1 | ForEach-Object -Parallel {
                . "$using:root/.build/Tools.ps1"
                . "$using:root/.build/Steps.ps1"
                Set-Location $using:root
                Invoke-PesterTest $using:pester "$using:TestDrive/Loud.Tests.ps1" $using:taken 1
            } 6>&1).Where({ $_ -isnot [Management.Automation.InformationRecord] }, 'Split')
        $count.Passed | Should -Be 1
        $count.Failed | Should -Be 0
        "$said" | Should -BeLike "*said on the error stream*Loud.Tests.ps1*"
    }
}

Describe 'The pages for developers' {
    It 'link to files that are there' {
        $pages = @(Get-Item "$root/README.md") + (Get-ChildItem "$root/docs", "$root/src", "$root/tests" -Recurse -Filter *.md | Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]')
        $broken = foreach ($page in $pages) {
            foreach ($link in [regex]::Matches((Get-Content $page -Raw), '\]\((?<path>[^)\s#:]+)[^)\s:]*\)')) {
                $path = $link.Groups['path'].Value
                if (-not (Test-Path (Join-Path $page.DirectoryName $path))) { "$($page.Name): $path" }
            }
        }
        $pages.Count | Should -BeGreaterThan 50
        $broken | Should -BeNullOrEmpty
    }
}

Describe 'Sync-Folder' {
    BeforeEach {
        Push-Location $TestDrive
        foreach ($name in 'same', 'changed', 'new') { Set-Content "source-$name" $name }
        $null = New-Item -ItemType Directory target/en-US
        Copy-Item source-same target/same
        Copy-Item source-changed target/changed
        Set-Content source-changed 'changed since'
        Set-Content target/en-US/gone gone
        $kept = (Get-Item target/same).CreationTimeUtc
        Sync-Folder target @{ same = Get-Item source-same; changed = Get-Item source-changed; (Join-Path en-US new) = Get-Item source-new }
    }

    AfterEach {
        Pop-Location
        Get-ChildItem $TestDrive | Remove-Item -Recurse -Force
    }

    It 'leaves what is the same, replaces what has changed, adds what is new and removes the rest' {
        (Get-Item target/same).CreationTimeUtc | Should -Be $kept
        Get-Content target/changed | Should -Be 'changed since'
        Get-Content target/en-US/new | Should -Be new
        (Get-ChildItem target -Recurse -File).Name | Sort-Object | Should -Be changed, new, same
    }

    It 'never writes into a file that somebody has open' {
        Set-Content source-changed 'changed again'
        $open = [IO.File]::Open((Convert-Path target/changed), 'Open', 'Read', 'ReadWrite, Delete')
        try {
            Sync-Folder target @{ changed = Get-Item source-changed }
            $reader = [IO.StreamReader]::new($open)
            $reader.ReadToEnd().Trim() | Should -Be 'changed since'
        }
        finally {
            $open.Dispose()
        }

        Get-Content target/changed | Should -Be 'changed again'
    }
}
