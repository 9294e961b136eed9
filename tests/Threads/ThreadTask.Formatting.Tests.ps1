BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    Import-Module $PSScriptRoot/../../output/AsyncJobs
}

Describe 'A thread task formats as any session does' {
    BeforeEach {
        # Workers that no task has used yet.
        Remove-Module AsyncJobs
        Import-Module $PSScriptRoot/../../output/AsyncJobs
        $item = Get-Item /
        $plain = { $input | Out-String -Width 100 }
        $formatted = ($item | Out-String -Width 100) -replace '\e\[[\d;]*m'
        function Format-Plain { $input | Out-String -Width 100 }
        Set-Alias show Out-String
        $outString = Get-Command Out-String
        $pwsh = Get-PowerShellHost
    }

    It 'through <What>' -TestCases @(
        @{ What = 'a cmdlet'; Block = { $_ | Out-String -Width 100 } }
        @{ What = 'a cmdlet with its module'; Block = { $_ | Microsoft.PowerShell.Utility\Out-String -Width 100 } }
        @{ What = 'two cmdlets'; Block = { $_ | Format-Table | Out-String -Width 100 } }
        @{ What = 'an alias'; Block = { $_ | ft | Out-String -Width 100 } }
        @{ What = 'an alias of the caller'; Block = { $_ | show -Width 100 } }
        @{ What = 'a function of the caller'; Block = { $_ | Format-Plain } }
        @{ What = 'a block of the caller'; Block = { $_ | & $plain } }
        @{ What = 'a command of the caller'; Block = { $_ | & $outString -Width 100 } }
        @{ What = 'a command of the caller, by $using:'; Block = { $_ | & $using:outString -Width 100 } }
        @{ What = 'a command that was looked for'; Block = { $found = Get-Command Out-String; $_ | & $found -Width 100 } }
        @{ What = 'text that is evaluated'; Block = { Invoke-Expression '$_ | Out-String -Width 100' } }
        @{ What = 'a pipeline of its own'; Block = { [powershell]::Create('CurrentRunspace').AddScript('$args[0] | Out-String -Width 100').AddArgument($_).Invoke() } }
        @{ What = 'a file'; Block = { $file = New-TemporaryFile; $_ | Out-File $file -Width 100; Get-Content $file -Raw; Remove-Item $file } }
        @{ What = 'Tee-Object'; Block = { $file = New-TemporaryFile; $null = $_ | Format-Table | Tee-Object -FilePath $file; (Get-Content $file -Raw).TrimEnd() } }
        @{ What = 'a redirection'; Block = { $file = New-TemporaryFile; $_ > $file; (Get-Content $file -Raw).TrimEnd(); Remove-Item $file } }
        @{ What = 'a native command'; Block = { (($_ | & $pwsh.FilePath @($pwsh.ArgumentList) -NoProfile -Command '$input') -join "`n").Trim() } }
    ) {
        # Widths differ where nothing can say them, so what is compared is the view: its columns.
        $result = await ($item | Start-AsyncTask $Block) -TimeoutSec 120
        (($result -replace '\e\[[\d;]*m') -split '\s+' -ne '') | Should -Be ($formatted -split '\s+' -ne '')
    }

    It 'and knows the same formats' {
        await (Start-AsyncTask { (Get-FormatData).TypeNames | Sort-Object }) -TimeoutSec 60 |
            Should -Be ([powershell]::Create([initialsessionstate]::CreateDefault()).AddScript('(Get-FormatData).TypeNames | Sort-Object').Invoke())
    }

    It 'and those of a module that it imports, besides' {
        Set-Content $TestDrive/Shape.format.ps1xml @'
<Configuration><ViewDefinitions><View><Name>Shape</Name><ViewSelectedBy><TypeName>Test.Shape</TypeName></ViewSelectedBy>
<CustomControl><CustomEntries><CustomEntry><CustomItem><Text>a shape</Text></CustomItem></CustomEntry></CustomEntries></CustomControl></View></ViewDefinitions></Configuration>
'@
        Set-Content $TestDrive/Shape.psm1 'function Get-Shape { [pscustomobject]@{ PSTypeName = "Test.Shape"; A = 1 } }'
        New-ModuleManifest $TestDrive/Shape.psd1 -RootModule Shape.psm1 -FormatsToProcess Shape.format.ps1xml -FunctionsToExport Get-Shape
        $result = await (Start-AsyncTask { Import-Module $using:TestDrive/Shape.psd1; Get-Shape | Out-String; $args[0] | Out-String -Width 100 } -ArgumentList $item) -TimeoutSec 60
        $result[0].Trim() | Should -Be 'a shape'
        $result[1] -replace '\e\[[\d;]*m' | Should -Be $formatted
    }

    It 'also when a hook of its own looks at commands' {
        $result = await ($item | Start-AsyncTask { $ExecutionContext.InvokeCommand.PostCommandLookupAction = { }; $_ | Out-String -Width 100 }) -TimeoutSec 60
        $result -replace '\e\[[\d;]*m' | Should -Be $formatted
    }

    It 'and leaves no trace of it in the task' {
        await (Start-AsyncTask { $null = 1 | Out-String; $Error.Count; $?; "$($ExecutionContext.InvokeCommand.PostCommandLookupAction)" } -ErrorAction Stop) -TimeoutSec 60 |
            Should -Be 0, $true, ''
    }
}
