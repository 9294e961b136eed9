# Blocks and modules: whose variables and functions a block sees that is written in one place and started in another.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    $manifest = (Resolve-Path $PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1).Path

    # What a tool's author writes: functions that take a block from their user.
    $tool = {
        $script:secret = 'of the module'
        function Invoke-Plain([scriptblock] $Block) { $name = 'module'; $hidden = 'module'; & $Block }
        function Invoke-Coroutine([scriptblock] $Block) { $name = 'module'; $hidden = 'module'; await (Start-AsyncTask $Block -OnLoop) }
        function Invoke-Many([scriptblock] $Block) { $name = 'module'; 1..50 | Start-AsyncTask $Block -OnLoop | Wait-AsyncGather }
        function Invoke-Wait($Awaitable) { await $Awaitable }
        function Get-Help2 { 'of the module' }
        function Get-ModuleBlock { { await (Start-AsyncSleep 0.01); "$name $script:secret"; $name = 'set'; $name } }
        Export-ModuleMember Invoke-*, Get-ModuleBlock
    }
}

Describe 'Coroutines of blocks that cross modules' {
    BeforeAll { $module = New-Module Tool $tool | Import-Module -PassThru }
    AfterAll { Remove-Module $module }

    It 'lets a block that a module''s function starts see where it was written' {
        function Get-Help2 { 'of the user' }
        $name = 'user'
        $block = { "$name <$hidden> $(Get-Help2)"; await (Start-AsyncSleep 0.01); $name = 'set'; "$name $(Get-Help2)" }
        Invoke-Coroutine $block | Should -Be (Invoke-Plain $block)
        Invoke-Coroutine $block | Should -Be 'user <> of the user', 'set of the user'
        Invoke-Many $block | ForEach-Object { $_ } | Should -Be (1..50 | ForEach-Object { 'user <> of the user', 'set of the user' })
        $name | Should -Be 'user'
    }

    It 'lets it see that in a thread task, too, where only the module calls AsyncJobs' {
        $file = "$TestDrive/GivenInTask.psm1"
        Set-Content $file @'
            function Invoke-OnLoop([scriptblock] $Block) { $name = $hidden = 'module'; await (Start-AsyncTask $Block -OnLoop) }
            function Invoke-OnThread([scriptblock] $Block) { $name = $hidden = 'module'; await (Start-AsyncTask $Block -OnThread) }
'@
        await (Start-AsyncTask -OnThread {
                Import-Module $file
                $name = 'task'
                Invoke-OnLoop { "$name <$hidden>"; await (Start-AsyncSleep 0.01); "$name <$hidden>" }
                Invoke-OnThread { "$name <$hidden>" }
            }) -TimeoutSec 60 | Should -Be 'task <>', 'task <>', 'task <>'
    }

    It 'lets a module''s block see the module, and not who starts it' {
        $name = 'user'
        $block = Get-ModuleBlock
        await (Start-AsyncTask $block) | Should -Be (& $block)
        await (Start-AsyncTask $block) | Should -Be ' of the module', 'set'
    }

    It 'lets a closure see what it closed over' {
        $x = 1
        $closure = { $x; await (Start-AsyncSleep 0.01); $x++; $x }.GetNewClosure()
        $x = 5
        await (Start-AsyncTask $closure) | Should -Be 1, 2
        & $closure | Should -Be 1, 2
        $x | Should -Be 5
    }

    It 'finds the session''s own names where only modules have called AsyncJobs' {
        $runspace = [runspacefactory]::CreateRunspace()
        $runspace.Open()
        try {
            $said = Invoke-InSession $runspace "`$text = { $tool }.ToString()" -Variable @{ manifest = $manifest }
            $said = Invoke-InSession $runspace @'
                Import-Module (New-Module Tool ([scriptblock]::Create("Import-Module '$manifest'; $text")))
                function Get-Help2 { 'of the user' }
                function Test-It {
                    $name = 'local'
                    $slow = [Threading.Tasks.Task]::Delay(10)
                    Invoke-Coroutine { "$name <$hidden> $(Get-Help2)"; Invoke-Wait $slow; $script:made = "$name <$hidden> $(Get-Help2)" }
                    "$made"
                }
                Test-It
'@
            $said | Should -Be 'local <> of the user', 'local <> of the user'
        }
        finally {
            $runspace.Dispose()
        }
    }
}

Describe 'What is in a module, in a coroutine that is started outside it' {
    BeforeAll {
        # In files of its own, as modules are written that have public and private functions.
        $root = New-Item -ItemType Directory "$TestDrive/Titles"
        Set-Content $root/Private.ps1 'function Wait-Turn { $script:inside++; $script:most = [Math]::Max($script:most, $script:inside); $null = await $script:gate; $script:inside-- }
            function Get-Page($Number) { Wait-Turn; "page $Number" }'
        Set-Content $root/Titles.psm1 '. $PSScriptRoot/Private.ps1
            $script:inside = $script:most = 0
            $script:gate = New-Future
            function Get-Title($Number) { $page = Get-Page $Number; "title of $page" }
            function Open-Gate { $script:gate.SetResult($null); $script:most }
            Export-ModuleMember Get-Title, Open-Gate'
        $titles = Import-Module $root/Titles.psm1 -PassThru

        $asks = New-Module Asks {
            $ready = New-Future
            $ready.SetResult('ready')
            function Start-AsyncSleep($Seconds) { $future = New-Future; $future.SetResult("the module's $Seconds"); $future }
            function Get-Sleeping { { await $ready; $x = await (Start-AsyncSleep 300); $x } }
            function Get-Careless { { await $ready; "[$nothing]"; $nothing = 1 } }
            Export-ModuleMember Get-*
        } | Import-Module -PassThru
        $strict = New-Module Strict {
            Set-StrictMode -Version 3
            $ready = New-Future
            $ready.SetResult('ready')
            function Get-Careful { { await $ready; try { "[$nothing]" } catch { 'not set' } $nothing = 1 } }
            Export-ModuleMember Get-*
        } | Import-Module -PassThru
    }
    AfterAll { Remove-Module $titles, $asks, $strict }

    It 'has functions that await by others which only it sees be a part of the coroutine' {
        function Get-Mine($Number) { "my $(Get-Title $Number)" }
        $tasks = @(1..20 | Start-AsyncTask -OnLoop { Get-Title $_ }; 21..40 | Start-AsyncTask -OnLoop { Get-Mine $_ })
        await (Start-AsyncSleep 0)
        Open-Gate | Should -Be 40
        Wait-AsyncGather $tasks -TimeoutSec 60 | Should -Be @(1..20 | ForEach-Object { "title of page $_" }; 21..40 | ForEach-Object { "my title of page $_" })
    }

    It 'has its blocks mean its own functions by the names of our cmdlets' {
        $block = Get-Sleeping
        await (Start-AsyncTask $block -OnLoop) -TimeoutSec 60 | Should -Be @(& $block)
        & $block | Should -Be 'ready', "the module's 300"
    }

    It 'has its blocks obey its strict mode, and not that of whoever starts them' {
        await (Start-AsyncTask (Get-Careful) -OnLoop) | Should -Be 'ready', 'not set'
        Set-StrictMode -Version 3
        await (Start-AsyncTask (Get-Careless) -OnLoop) | Should -Be 'ready', '[]'
    }
}

Describe '$this in a coroutine' {
    It 'is the object whose method starts it, also when that has returned' {
        $object = [pscustomobject]@{ Count = 1 }
        $object | Add-Member ScriptMethod Begin { Start-AsyncTask { $this.Count++; await (Start-AsyncSleep 0.01); $this.Count++; & { "$($this.Count)" } } }
        $tasks = $object.Begin(), $object.Begin()
        $tasks | Wait-AsyncGather | Sort-Object | Should -Be '4', '5'
        $object.Count | Should -Be 5
    }

    It 'is nothing where there is none' {
        await (Start-AsyncTask { "<$this>"; await (Start-AsyncSleep 0); "<$this>" }) | Should -Be '<>', '<>'
    }

    It 'is there in a block whose scope is looked after' {
        $object = [pscustomobject]@{ Count = 1 }
        $object | Add-Member ScriptMethod Begin { Start-AsyncTask { New-Variable step 2; await (Start-AsyncSleep 0.01); $this.Count + $step } }
        await $object.Begin() | Should -Be 3
    }
}

Describe 'A module that is imported in a coroutine, and errors that pass two tasks in it' {
    BeforeAll {
        # What is written in a function of the module, and what comes out.
        $failures = @{
            await = 'await (Start-AsyncTask { await (Start-AsyncTask { await (Start-AsyncSleep 0); throw "y" }) })'
            gather = 'Wait-AsyncGather (Start-AsyncTask { await (Start-AsyncTask { await (Start-AsyncSleep 0); throw "y" }) }), (Start-AsyncTask { await (Start-AsyncSleep 0) })'
            group = 'Invoke-AsyncTaskGroup { $null = Start-AsyncTask { await (Start-AsyncTask { await (Start-AsyncSleep 0); throw "y" }) } }'
            cmdlet = 'await (Start-AsyncTask { await (Start-AsyncTask { await (Start-AsyncSleep 0); Get-Item /nope/y -ErrorAction Stop }) })'
            'an unknown name' = 'await (Start-AsyncTask { await (Start-AsyncTask { await (Start-AsyncSleep 0); No-SuchThing-y }) })'
            'each item' = '1..2 | ForEach-Async { await (Start-AsyncTask { await (Start-AsyncSleep 0); throw "y" }) } -ErrorAction Stop'
        }
        $null = New-Item -ItemType Directory "$TestDrive/path/LateAuto" -Force
        function Set-LateModule([string] $Failure) {
            foreach ($file in "$TestDrive/Late.psm1", "$TestDrive/path/LateAuto/LateAuto.psm1") {
                Set-Content $file "function Get-$((Split-Path -LeafBase $file)) { try { $Failure } catch { `"caught `$(`$_.Exception.GetBaseException().Message)`" } }"
            }
            Set-Content "$TestDrive/LateOuter.psm1" 'Import-Module $PSScriptRoot/Late.psm1; function Get-LateOuter { Get-Late; (Get-Date).Year -gt 2000 }'
        }
        $here = 'of the test'
    }
    AfterEach { Remove-Module Late, LateAuto, LateOuter, LateDynamic -ErrorAction Ignore }

    It 'leave all commands and variables where they were: <_>' -ForEach await, gather, group, cmdlet, 'an unknown name', 'each item' {
        Set-LateModule $failures[$_]
        $file = "$TestDrive/Late.psm1"
        $result = await (Start-AsyncTask -OnLoop {
                Import-Module $file
                Get-Late; (Get-Date).Year -gt 2000; $here
                Remove-Module Late; (Get-Date).Year -gt 2000
                Import-Module $file
                Get-Late; (Get-Date).Year -gt 2000
                await (Start-AsyncSleep 0)
                Get-Late; (Get-Date).Year -gt 2000; $here
            }) -TimeoutSec 60
        $result | Should -HaveCount 9
        $result[0, 4, 6] | Should -BeLike 'caught *'
        $result[1, 3, 5, 7] | Should -Be $true, $true, $true, $true
        $result[2, 8] | Should -Be 'of the test', 'of the test'
    }

    It 'leave them where the module is found by its command, is nested, or has no file' {
        Set-LateModule $failures.await
        $path = $env:PSModulePath
        $env:PSModulePath += "$([IO.Path]::PathSeparator)$TestDrive/path"
        try {
            $outer = "$TestDrive/LateOuter.psm1"
            await (Start-AsyncTask -OnLoop {
                    Get-LateAuto; (Get-Date).Year -gt 2000
                    Import-Module $outer
                    Get-LateOuter; (Get-Date).Year -gt 2000
                    $null = New-Module LateDynamic { function Get-LateDynamic { Get-LateAuto; (Get-Date).Year -gt 2000 } } | Import-Module
                    Get-LateDynamic; (Get-Date).Year -gt 2000
                    await (Start-AsyncSleep 0)
                    (Get-Date).Year -gt 2000
                }) -TimeoutSec 60 | Should -Be 'caught y', $true, 'caught y', $true, $true, 'caught y', $true, $true, $true
        }
        finally {
            $env:PSModulePath = $path
        }
    }

    It 'leave the caller of a waiting function of a module its scope' {
        Set-LateModule $failures.await
        function Get-Here { $here = 'of the function'; Import-Module $TestDrive/Late.psm1; Get-Late; $here; (Get-Date).Year -gt 2000 }
        Get-Here | Should -Be 'caught y', 'of the function', $true
        $here | Should -Be 'of the test'
    }
}
