# Tasks that a coroutine starts of blocks written in it: the engine starts them by itself, where the cmdlet would do the same.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs

    $script:done = New-Future -Result 'done'
    function Get-Text($Value) {
        if ($Value -is [AsyncJobs.AsyncTask]) { return "task $($Value.Name -replace '\d+$', '#') $($Value.State)" }
        if ($Value -is [Management.Automation.ErrorRecord]) {
            # Where it was started, PowerShell's trace has by the cmdlet alone, and only of a first step.
            $at = $Value.InvocationInfo
            return "error $Value | $($Value.FullyQualifiedErrorId) | $($at.ScriptLineNumber):$($at.OffsetInLine) $($at.Line) | $(@($Value.ScriptStackTrace -split '\r?\n')[0])"
        }
        if ($null -eq $Value) { return 'null' }
        return "$($Value.GetType().Name) $Value"
    }

    # In the place of START the plain command, or one with a parameter that changes nothing and is not the engine's to evaluate.
    function Invoke-Start([string] $Script, [string] $Command) {
        $block = [scriptblock]::Create($Script.Replace('START', $Command).Replace('await (async {', 'await (async { $null = await $done;'))
        $texts = try { @(& $block *>&1 | ForEach-Object { Get-Text $_ }) } catch { "thrown $(Get-Text $_)" }
        $texts -replace 'async -OnLoop', 'async        ' -replace "AsyncTask \d+ 'Task\d+'", 'AsyncTask'
    }
}

Describe 'A start in a coroutine' {
    It 'is as by the cmdlet: <Name>' -ForEach @(
        @{ Name = 'its output'; Script = 'await (async { $v = await (START { 1; await $done; 2 }); $v; $t = START { await $done }; await $t })' }
        @{ Name = 'values are taken along as they are'; Script = 'await (async { $x = 1; $t = START { await (Start-AsyncSleep 0); $x; $x = 5; $x += 1; $x }; $x = 2; await $t; $x })' }
        @{ Name = 'the quirk of operators'; Script = '$n = 10; await (async { $n = 20; await (START { $n += 5; $n; await $done; $n }); await (START { $m++; $m; await $done }) })' }
        @{ Name = 'a variable that is not there'; Script = 'await (async { await (START { "[$nowhere]"; await $done }) })' }
        @{ Name = 'strict mode around'; Script = 'Set-StrictMode -Version 2; await (async { await (START { await $done; $nowhere }) })' }
        @{ Name = 'strict mode inside'; Script = 'await (async { Set-StrictMode -Version 2; await (START { await $done; $nowhere }) })' }
        @{ Name = 'a preference around'; Script = '$ErrorActionPreference = "Stop"; await (async { try { await (START { await $done; Get-Item nowhere/at/all; "on" }) } catch { "caught $_" } })' }
        @{ Name = 'a preference inside'; Script = 'await (async { $ErrorActionPreference = "Stop"; try { await (START { await $done; Get-Item nowhere/at/all; "on" }) } catch { "caught $_" } })' }
        @{ Name = 'a preference of a function'; Script = 'function f { [CmdletBinding()] param() await (START { await $done; Write-Verbose loud }) }; await (async { await $done; f -Verbose })' }
        @{ Name = 'a preference changed behind it'; Script = 'try { await (async { $global:VerbosePreference = "Continue"; await (START { await $done; Write-Verbose loud; "$VerbosePreference" }) }) } finally { $global:VerbosePreference = "SilentlyContinue" }' }
        @{ Name = 'default parameters'; Script = '$PSDefaultParameterValues = @{ "Start-AsyncTask:Name" = "given" }; await (async { $t = START { await $done }; $t.Name })' }
        @{ Name = '$_ and $args'; Script = 'await (7 | Start-AsyncTask { await (START { $_; $args.Count; await $done; $_ }) }); await (async { 8, 9 | ForEach-Object { await (START { $_; await $done; $_ }) } }); await (async { await (START { "[$_]"; await $done }) })' }
        @{ Name = '$_ of a function'; Script = 'function f { process { await (START { "[$_]"; await $done }) } }; await (async { await $done; 5 | f; $_ = 6; await (START { "[$_]"; await $done }) })' }
        @{ Name = 'variables of a function and its caller'; Script = 'function f($a) { $b = 2; $t = START { await $done; "$a $b $c" }; $b = 3; await $t }; await (async { $c = 4; await $done; f 1 })' }
        @{ Name = 'a private variable'; Script = 'await (async { $private:secret = 1; $open = 2; await (START { "[$secret$open]"; await $done }) })' }
        @{ Name = 'a constant, and one of a type'; Script = 'await (async { [int] $typed = "3"; Set-Variable c 4 -Option Constant; await (START { $typed = "8"; $typed.GetType().Name; $c; await $done }) })' }
        @{ Name = 'what it is assigned to'; Script = 'await (async { [string] $text = START { await $done }; $text -replace "\d"; ${a b} = START { await $done }; ${a b}; $list = foreach ($i in 1, 2) { START { await $done; $i } }; await $list; $list.Count; $x = $y = START { await $done }; $x -eq $y })' }
        @{ Name = 'loops'; Script = 'await (async { $list = foreach ($i in 1..3) { START { await $done; $i } }; await $list; $n = 0; while ($n++ -lt 3) { if ($n -eq 2) { continue }; START { await $done; $n } }; $all = if ($n) { START { await $done } } else { 1 }; $all; try { $x = START { await $done } } finally { "finally" }; switch (1, 2) { 1 { START { await $done; $_ } } 2 { break } } })' }
        @{ Name = 'what it is written as'; Script = 'await (async { START { await $done }; @(START { await $done }; START { await $done }).Count; (START { await $done }) -is [AsyncJobs.AsyncTask] })' }
        @{ Name = '$?'; Script = 'await (async { Get-Item nowhere/at/all -ErrorAction Ignore; START { await $done }; $? })' }
        @{ Name = 'its first step comes first'; Script = '$log = [Collections.Generic.List[object]]::new(); await (async { $t = START { $log.Add("first"); await (Start-AsyncSleep 0); $log.Add("last") }; $log.Add("started"); await $t }); $log' }
        @{ Name = 'name, origin and text'; Script = 'await (async { $n = "of it"; $t = START -Name $n { await $done; 1 }; $t.Name; $t.Command; $t.Origin -replace "^.*:"; $u = START { await $done } -Name other; $u.Name; "$($u.InputObject)"; $u.Kind })' }
        @{ Name = 'a name that is none'; Script = 'await (async { $n = ""; $t = START -Name $n { await $done; 1 }; "on" })' }
        @{ Name = 'who sees it'; Script = 'await (async { $t = START -Name seen { (Get-AsyncTask -Name seen).State; await (Start-AsyncSleep 0); 1 }; (Get-AsyncTask -Name seen).WaitingFor.Count; await $t })' }
        @{ Name = 'a group'; Script = 'await (async { $t = Invoke-AsyncTaskGroup { $null = START { await (Start-AsyncSleep 0.01); 1 } ; START { await (Start-AsyncSleep 0); 2 } }; $t.State; "over" })' }
        @{ Name = 'a group that fails'; Script = 'await (async { try { Invoke-AsyncTaskGroup { $null = START { await (Start-AsyncSleep 60) }; $null = START { await (Start-AsyncSleep 0); throw "no" } } } catch { "caught $_" } })' }
        @{ Name = 'a group that is over'; Script = 'await (async { try { Invoke-AsyncTaskGroup { $null = START { await $done; throw "no" }; try { await (Start-AsyncSleep 5) } finally { START { await $done } } } } catch { "caught $_" } })' }
        @{ Name = 'a failure in its first step'; Script = 'await (async { $t = START { throw "early" ; await $done }; $t.State; try { await $t } catch { Get-Text $_ } })' }
        @{ Name = 'a failure later'; Script = 'await (async { $t = START { await (Start-AsyncSleep 0); throw "late" }; $t.State; await $t; "not reached" })' }
        @{ Name = 'errors that end nothing'; Script = 'await (async { await (START { Write-Error first; Get-Item nowhere/at/all; await (Start-AsyncSleep 0); Write-Error second; 1 / 0; "end" }) })' }
        @{ Name = 'records of its first step'; Script = 'await (async { $t = START { Write-Warning w; Write-Verbose v -Verbose; Write-Debug d -Debug; Write-Information i; Write-Host h; await $done; Write-Warning w2 }; Write-Warning between; await $t })' }
        @{ Name = 'errors of its first step'; Script = 'await (async { $t = START { Write-Error e; await $done }; await $t }) -ErrorVariable errors -ErrorAction SilentlyContinue; $errors.Count; await (async { $null = START { Write-Error e; await $done } }) -WarningVariable x 2>&1' }
        @{ Name = 'records of a function in its first step'; Script = 'function f { Write-Warning in; Write-Error in; await (Start-AsyncSleep 0); Write-Warning late }; await (async { $t = START { f; 1 }; await $t }) -WarningVariable w -ErrorVariable e -WarningAction SilentlyContinue -ErrorAction SilentlyContinue; $w.Count; $e.Count' }
        @{ Name = 'redirections around it'; Script = 'await (async { & { await $done; START { Write-Warning w; await $done } } 3>$null; (START { Write-Error e; await $done }) 2>$null })' }
        @{ Name = 'where Write-Error was'; Script = 'await (async { await (START { Write-Error x; await $done; $MyInvocation.Line; $MyInvocation.OffsetInLine }) })' }
        @{ Name = 'functions'; Script = 'function k { await $done; "k $x" }; function f { "f $x" }; await (async { function g { "g $x" }; $x = 3; await (START { f; g; await $done }); await (START { k }); await (START { function h { "h $x" }; await $done; h }) })' }
        @{ Name = 'aliases'; Script = 'Set-Alias say Write-Output; await (async { Set-Alias tell Write-Output; await (START { say 1; tell 2; await $done }) })' }
        @{ Name = 'blocks in variables'; Script = 'await (async { $y = 5; $b = { "b $y" }; $t = START { await $done; & $b }; $y = 6; await $t; await (START { await $done; "$b" }) })' }
        @{ Name = 'a function in a variable'; Script = 'function f { "f" }; await (async { $f = Get-Command f; await (START { await $done; & $f }) })' }
        @{ Name = '$using:'; Script = 'await (async { $u = 4; $t = START { await $done; $using:u }; $u = 5; await $t })' }
        @{ Name = 'parameters'; Script = 'await (async { await (START { param($p = 3, [int] $q) $p; $q; $PSBoundParameters.Count; await $done }) })' }
        @{ Name = 'exit, break and return'; Script = 'await (async { foreach ($i in 1, 2) { await (START { $i; break; await $done }); "on" }; await (START { 1; return 2; await $done }); await (START { 3; exit; await $done }) })' }
        @{ Name = 'what it waits for natively'; Script = 'await (async { await (START { @(1, 2).ForEach({ await (Start-AsyncSleep 0.01); $_ }); await $done; Write-Warning w }) })' }
        @{ Name = 'itself'; Script = 'await (async { $t = START { await (Start-AsyncSleep 0); try { await $t } catch { "caught $_" } }; await $t })' }
        @{ Name = 'a stop of the starter'; Script = '$log = [Collections.Generic.List[object]]::new(); $o = async { $log.Add((START { try { await (Start-AsyncSleep 60) } finally { $log.Add("out") } })); await (Start-AsyncSleep 60) }; Stop-AsyncTask $o -Wait; $log[0].State; Stop-AsyncTask $log[0] -Wait; $log[0].State; $log[1]' }
        @{ Name = 'a stop of its own'; Script = 'await (async { $t = START { try { await (Start-AsyncSleep 60) } catch { "caught" } finally { await (Start-AsyncSleep 0); Write-Warning out } }; Stop-AsyncTask $t -Wait; $t.State })' }
        @{ Name = 'scopes by name'; Script = '$script:s = 1; $global:g = 2; try { await (async { $script:s = 3; await (START { $script:s; $global:g; $global:g = 4; await $done }); $global:g }) } finally { Remove-Variable g -Scope Global }' }
        @{ Name = 'variables that come and go'; Script = 'await (async { Set-Variable made 1; New-Variable other 2 -Scope 0; await (START { "$made $other"; await $done }); Remove-Variable made; await (START { "[$made]"; await $done }) })' }
        @{ Name = 'Get-Variable in it'; Script = 'await (async { $found = 6; await (START { Get-Variable found -ValueOnly; await $done }) })' }
        @{ Name = 'an expression evaluated in it'; Script = 'await (async { $found = 7; await (START { Invoke-Expression "`$found"; await $done }) })' }
        @{ Name = 'a trap, and a catch around'; Script = 'await (async { trap { "trapped $_"; continue }; await (START { await $done; throw "t" }); try { throw "c" } catch { await (START { await $done; "in $_" }) } })' }
        @{ Name = 'a block that does not wait'; Script = 'await (async { $t = START { [Threading.Thread]::CurrentThread.ManagedThreadId -eq $home }; $t.Kind }) | ForEach-Object { "$_" }'; Skips = $true }
        @{ Name = 'deep within each other'; Script = 'function Deep($n) { if ($n -gt 0) { await (async { await (START { Deep ($n - 1) }) }); $n } else { "bottom" } }; (await (async { Deep 60 })).Count' }
    ) {
        if ($Skips) {
            # -OnLoop would put it there.
            Invoke-Start $Script 'async' | Should -Be 'String Thread'
        }
        else {
            $expected, $actual = foreach ($command in 'async -OnLoop', 'async        ') { , @(Invoke-Start $Script $command) }
            $actual -join "`n" | Should -Be ($expected -join "`n")
            $actual | Should -Not -BeNullOrEmpty
        }
    }

    It 'is the cmdlet''s where the name means something else by then' {
        function Get-Mine { 'mine' }
        await (Start-AsyncTask { Set-Alias async Get-Mine; $v = async { await $done }; $v; Wait-AsyncTask $done }) | Should -Be 'mine', 'done'
        await (Start-AsyncTask { function Start-AsyncTask { 'own' }; $v = Start-AsyncTask { await $done }; $v; Wait-AsyncTask $done }) | Should -Be 'own', 'done'
        & {
            Set-Alias async Get-Mine
            await (Start-AsyncTask { $v = async { await $done }; $v; Wait-AsyncTask $done }) | Should -Be 'mine', 'done'
        }
        # What does not wait runs on a thread.
        & {
            Set-Alias await Get-Mine
            Wait-AsyncTask (Start-AsyncTask { $v = async { await $done }; "$($v.Kind)"; Wait-AsyncTask $v }) | Should -Be 'Thread', 'mine'
        }
    }

    It 'meets breakpoints' {
        $hits = [Collections.Generic.List[object]]::new()
        $breakpoint = Set-PSBreakpoint -Variable met -Mode Write -Action { $hits.Add('met') }
        try {
            await (Start-AsyncTask { $v = await (async { $met = 1; await $done }) ; $v }) | Should -Be 'done'
        }
        finally {
            Remove-PSBreakpoint $breakpoint
        }

        $hits | Should -Be 'met'
    }

    It 'tells of failures that nobody looks at, thrown away or not' {
        $code = {
            param($module, $start)
            Import-Module $module
            $block = [scriptblock]::Create("`$done = New-Future -Result 1; await (async { `$null = $start { await `$done; throw 'gone' }; await (Start-AsyncSleep 0.01) }) ; await (async { `$kept = $start { await `$done; throw 'kept' } })")
            & $block 3>&1 | ForEach-Object { "$_" -replace "AsyncTask \d+ 'Task\d+'", 'AsyncTask' }
        }
        $module = Convert-Path $PSScriptRoot/../../output/AsyncJobs
        $texts = foreach ($start in 'async', 'async -OnLoop') {
            $shell = [powershell]::Create()
            try { ($shell.AddScript($code).AddArgument($module).AddArgument($start).Invoke()) -join "`n" } finally { $shell.Dispose() }
        }

        $texts[0] | Should -BeLike '*gone*'
        $texts[0] | Should -Be $texts[1]
    }
}
