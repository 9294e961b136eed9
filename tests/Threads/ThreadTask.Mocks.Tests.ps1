# Mocks of Pester and thread tasks: one error that names the mock, never the real command; coroutines call the mock.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/OwnProcess.psm1

    $file = Join-Path $TestDrive MockedModule.psm1
    Set-Content $file '
        function Get-Remote { "real remote" }
        function Get-All { Get-Remote }
        function Get-Deep { Get-All }
        function Get-Other { "other" }
        function Get-Computed { $name = "Get-Remote"; & $name }
        function Start-Given([scriptblock] $Block) { 1 | ForEach-Async $Block }
        function Get-Each { 1..2 | ForEach-Async { Get-Remote } }
        Set-Alias far Get-Remote
        function Get-ByAlias { far }'
    Import-Module $file
    $null = New-Module MockedInMemory { function Get-Near { 'real near' }; function Get-Nearby { Get-Near } } | Import-Module -PassThru

    function Get-Mine([string] $Of) { "real mine $Of" }
    function Get-Twice { Get-Mine a; Get-Mine b }
    Set-Content (Join-Path $TestDrive helper.ps1) 'function Get-Helped { Get-Mine a }'
    class MockCaller { [string] Call() { return Get-Mine a } }
    filter Get-Piped { Get-Mine $_ }
    Set-Alias mine Get-Mine

    # The one error of a call, as its id and the mock that it names.
    function Get-Refusal([scriptblock] $Call) {
        $errors = @(try { & $Call 2>&1 } catch { $_ })
        $errors | Should -BeOfType [Management.Automation.ErrorRecord] -Because 'nothing is written but the error'
        $errors.Count | Should -Be 1 -Because 'it is one error'
        $errors[0].Exception.Message | Should -BeLike "*$($errors[0].TargetObject) is a mock*-OnLoop*-Inline*"
        '{0} of {1}' -f $errors[0].FullyQualifiedErrorId.Split(',')[0], $errors[0].TargetObject
    }
}

AfterAll {
    Remove-Module MockedModule, MockedInMemory -ErrorAction Ignore
}

Describe 'A mock in a thread task' {
    It 'is one error that names it: <Scenario>' -TestCases @(
        @{ Scenario = 'a function'; Call = { await (async { Get-Mine a }) } }
        @{ Scenario = 'called by a function that comes along'; Call = { await (async { Get-Twice }) } }
        @{ Scenario = 'called by a filter that comes along'; Call = { await (async { 1 | Get-Piped }) } }
        @{ Scenario = 'by an alias'; Call = { await (async { mine a }) } }
        @{ Scenario = 'by its name in a variable'; Call = { $name = 'Get-Mine'; await (async { & $name a }) } }
        @{ Scenario = 'in a block in a variable'; Call = { $block = { Get-Mine a }; await (async { & $block }) } }
        @{ Scenario = 'in the input'; Call = { { Get-Mine a } | ForEach-Async { & $_ } } }
        @{ Scenario = 'for many items'; Call = { 1..5 | ForEach-Async { Get-Mine $_ } } }
        @{ Scenario = 'with a time limit'; Call = { Invoke-WithTimeout 30 { Get-Mine a } } }
        @{ Scenario = 'in an initialization script'; Call = { await (async { 1 } -InitializationScript { $null = Get-Mine a }) } }
        @{ Scenario = 'as a job'; Call = { Start-AsyncTask -AsJob { Get-Mine a } } }
        @{ Scenario = 'by a task of a coroutine'; Call = { await (async { await (async -OnThread { Get-Mine a }) }) } }
        @{ Scenario = 'by a task of a task'; Call = { await (async -OnThread { await (async -OnThread { Get-Mine a }) }) } }
        @{ Scenario = 'in a pipeline in the block'; Call = { await (async { 1..2 | ForEach-Object { Get-Mine $_ } }) } }
        @{ Scenario = 'by the drive of functions'; Call = { await (async { & ${function:Get-Mine} a }) } }
        @{ Scenario = 'by what Get-Command gives in the task'; Call = { await (async { & (Get-Command Get-Mine) a }) } }
        @{ Scenario = 'in text'; Call = { await (async { Invoke-Expression 'Get-Mine a' }) } }
        @{ Scenario = 'in text that is made a block'; Call = { await (async { & ([scriptblock]::Create('Get-Mine a')) }) } }
        @{ Scenario = 'in a file that is dotted'; Call = { $helper = "$TestDrive/helper.ps1"; await (async { . $helper; Get-Helped }) } }
        @{ Scenario = 'by a method of a class'; Call = { await (async { [MockCaller]::new().Call() }) } }
        @{ Scenario = 'in a closure'; Call = { $of = 'a'; $closure = { Get-Mine $of }.GetNewClosure(); await (async $closure) } }
        @{ Scenario = 'in a closure in a table'; Call = { $of = 'a'; $table = @{ Do = { Get-Mine $of }.GetNewClosure() }; await (async { & $table.Do }) } }
        @{ Scenario = 'in a delegate'; Call = { $delegate = [Func[object]] { Get-Mine a }; await (async { $delegate.Invoke() }) } }
        @{ Scenario = 'in a block that a module starts'; Call = { Start-Given { Get-Mine a } } }
        @{ Scenario = 'again and again'; Call = { await (Start-AsyncTask -Every 0.01 -Count 2 { Get-Mine a }) } }
        @{ Scenario = 'with retries'; Call = { await (async -MaximumRetryCount 3 -RetryIntervalSec 0.01 { Get-Mine a }) } }
    ) {
        Mock Get-Mine { 'mock' }
        Get-Refusal $Call | Should -Be 'CannotCapture of Get-Mine'
        Should -Invoke Get-Mine -Times 0 -Exactly
    }

    It 'is one error as a value: <Scenario>' -TestCases @(
        @{ Scenario = 'a variable'; Call = { $command = Get-Command Get-Mine; await (async { & $command a }) } }
        @{ Scenario = 'with $using:'; Call = { $command = Get-Command Get-Mine; await (async { & $using:command a }) } }
        @{ Scenario = 'in a table'; Call = { $table = @{ Do = Get-Command Get-Mine }; await (async { & $table.Do a }) } }
        @{ Scenario = 'as an argument'; Call = { await (async { param($command) & $command a } -ArgumentList (Get-Command Get-Mine)) } }
        @{ Scenario = 'as input'; Call = { Get-Command Get-Mine | ForEach-Async { & $_ a } } }
    ) {
        Mock Get-Mine { 'mock' }
        $Call | Should -Throw -ErrorId CannotCapture* -ExpectedMessage '*it is a mock of Pester*-OnLoop*'
        Should -Invoke Get-Mine -Times 0 -Exactly
    }

    It 'is one error for a program' {
        $program = $IsWindows ? 'cmd' : 'sh'
        Mock $program { 'mock' }
        $block = [scriptblock]::Create("$program /c 'echo real'")
        { await (async $block) } | Should -Throw -ErrorId CannotCapture*
    }

    It 'is one error where only some calls are mocked' {
        Mock Get-Mine { 'mock' } -ParameterFilter { $Of -eq 'b' }
        Get-Refusal { await (async { Get-Mine a }) } | Should -Be 'CannotCapture of Get-Mine'
    }

    It 'is one error for <Name>' -TestCases @(
        @{ Name = 'Invoke-RestMethod'; Call = { await (async { Invoke-RestMethod http://127.0.0.1:9 }) } }
        @{ Name = 'Get-Date'; Call = { await (async { Get-Date }) } }
        @{ Name = 'Start-AsyncSleep'; Call = { await (async -OnThread { Start-AsyncSleep 1 }) } }
        @{ Name = 'Microsoft.PowerShell.Utility\Get-Random'; Command = 'Get-Random'; Call = { await (async { Microsoft.PowerShell.Utility\Get-Random }) } }
    ) {
        Mock ($Command ?? $Name) { 'mock' }
        Get-Refusal $Call | Should -Be "CannotCapture of $Name"
    }

    It 'is one error when it is called, where its name is not in the text' {
        Mock Get-Mine { 'mock' }
        Get-Refusal { await (async { $verb = 'Get'; & "$verb-Mine" a }) } | Should -Be 'CannotCapture of Get-Mine'
        await (async { $verb = 'Get'; & "$verb-Other" }) | Should -Be 'other'
    }

    It 'hinders no task that does not call it' {
        Mock Get-Mine { 'mock' }
        Mock Get-Remote { 'mock' } -ModuleName MockedModule
        await (async { Get-Other; 1 + 1 }) | Should -Be 'other', 2
    }

    It 'is one error of the task where the file that it runs calls it' {
        $script = Join-Path $TestDrive calls.ps1
        Set-Content $script 'Get-Mine a'
        Mock Get-Mine { 'mock' }
        Get-Refusal { await (Start-AsyncTask -FilePath $script) } | Should -Be 'CannotCapture of Get-Mine'
        Get-Refusal { await (async { & $script }) } | Should -Be 'CannotCapture of Get-Mine'
    }

    It 'is gone with its test' {
        await (async { Get-Mine a }) | Should -Be 'real mine a'
    }
}

Describe 'A mock in a module' {
    It 'is one error that names it: <Scenario>' -TestCases @(
        @{ Scenario = 'called by an exported function'; Call = { await (async { Get-All }) } }
        @{ Scenario = 'called further in'; Call = { await (async { Get-Deep }) } }
        @{ Scenario = 'by a computed name'; Call = { await (async { Get-Computed }) } }
        @{ Scenario = 'with the module in front'; Call = { await (async { MockedModule\Get-All }) } }
        @{ Scenario = 'in a task that the module starts'; Call = { Get-Each } }
        @{ Scenario = 'by its name and where all is taken along'; Call = { await (async { $verb = 'Get'; & "$verb-All" }) } }
        @{ Scenario = 'in a block of the module'; Call = { $block = & (Get-Module MockedModule) { { Get-Remote } }; await (async $block) } }
    ) {
        Mock Get-Remote { 'mock' } -ModuleName MockedModule
        Get-Refusal $Call | Should -Be 'CannotCapture of Get-Remote'
    }

    It 'is one error by an alias in the module' {
        Mock Get-Remote { 'mock' } -ModuleName MockedModule
        Get-Refusal { await (async { Get-ByAlias }) } | Should -Be 'CannotCapture of far'
    }

    It 'is one error for a cmdlet' {
        $module = New-Item (Join-Path $TestDrive CmdletCaller.psm1) -Value 'function Get-Page { Invoke-RestMethod http://127.0.0.1:9 }' | Import-Module -PassThru
        try {
            Mock Invoke-RestMethod { 'mock' } -ModuleName CmdletCaller
            Get-Refusal { await (async { Get-Page }) } | Should -Be 'CannotCapture of Invoke-RestMethod'
        }
        finally {
            Remove-Module $module
        }
    }

    It 'is one error in a module in memory' {
        Mock Get-Near { 'mock' } -ModuleName MockedInMemory
        Get-Refusal { await (async { Get-Nearby }) } | Should -Be 'CannotCapture of Get-Near'
    }

    It 'is one error where mocks are for all modules' {
        $module = Convert-Path "$PSScriptRoot/../../output/AsyncJobs"
        $test = Join-Path $TestDrive ForAll.Tests.ps1
        Set-Content $test "
            Describe All {
                It calls {
                    Import-Module '$module', '$file'
                    Mock Get-Remote -ModuleName MockedModule { 'mock' }
                    Get-All | Should -Be mock
                    { await (async { Get-All }) } | Should -Throw -ErrorId CannotCapture* -ExpectedMessage *Get-Remote*
                    { await (async { Get-Remote }) } | Should -Throw -ErrorId CannotCapture*
                    await (async { Get-Other }) | Should -Be other
                }
            }"
        Invoke-InOwnProcess "
            Import-Module '$((Get-Module Pester).Path)'
            `$configuration = New-PesterConfiguration
            `$configuration.Run.Path = '$test'
            `$configuration.Run.PassThru = `$true
            `$configuration.Output.Verbosity = 'None'
            `$configuration.Mock.Global = `$true
            `$run = Invoke-Pester -Configuration `$configuration
            `$run.Result
            `$run.Failed.ErrorRecord.Exception.Message" | Should -Be Passed
    }

    It 'is one error inside InModuleScope' {
        InModuleScope MockedModule {
            Mock Get-Remote { 'mock' }
            { await (async { Get-Remote }) } | Should -Throw -ErrorId CannotCapture*
            { 1 | ForEach-Async { Get-All } -ErrorAction Stop } | Should -Throw -ErrorId CannotCapture*
        }
    }
}

Describe 'A mock on the loop' {
    It 'is called and counted: <Scenario>' -TestCases @(
        @{ Scenario = 'a task'; Call = { await (async -OnLoop { Get-Mine a }) }; Count = 1 }
        @{ Scenario = 'a function that calls it'; Call = { await (async -OnLoop { Get-Twice }) }; Count = 2 }
        @{ Scenario = 'for many items'; Call = { 1..3 | ForEach-Async -OnLoop { Get-Mine $_ } }; Count = 3 }
        @{ Scenario = 'in a coroutine'; Call = { await (async { await (Start-AsyncSleep 0); Get-Mine a }) }; Count = 1 }
    ) {
        Mock Get-Mine { 'mock' }
        & $Call | Should -Be (@('mock') * $Count)
        Should -Invoke Get-Mine -Times $Count -Exactly
    }

    It 'is told from a function that was only looked at' {
        function Start-Seen { function Get-Seen { 'seen' }; $null = Get-Item function:Get-Seen; async -OnLoop { await (Start-AsyncSleep 0); Get-Seen } }
        await (Start-Seen) | Should -Be 'seen'
    }

    It 'is called in a module' {
        Mock Get-Remote { 'mock' } -ModuleName MockedModule
        await (async -OnLoop { Get-Deep }) | Should -Be 'mock'
        Should -Invoke Get-Remote -ModuleName MockedModule -Times 1 -Exactly
    }
}
