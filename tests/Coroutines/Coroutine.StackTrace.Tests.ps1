BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    $file = "$TestDrive/Failing.ps1"
    Set-Content "$TestDrive/Write-It.ps1" '[CmdletBinding()] param() Write-Error "w" -ErrorAction Stop'

    # Runs a script from a file and gives the frames of the error that it ends with: the names and lines that are in the file.
    function Get-Frame {
        param([string[]] $Line)
        Set-Content $file $Line
        try { $null = & $file; return 'no error' }
        catch { $failure = $_ }
        $failure.ScriptStackTrace -split [Environment]::NewLine |
            ForEach-Object { if ($_ -match "^at (.*), $([regex]::Escape($file)): line (\d+)$") { "$($Matches[1]) $($Matches[2])" } }
    }
}

Describe 'The stack trace of a failure' {
    It 'shows who awaits it, three awaits deep' {
        $lines = @(
            'function Find-It { param($name)'
            '    throw "no $name" }'
            '$c = { await (Start-AsyncSleep 0.01)'
            '    Find-It here }'
            '$b = {'
            '    $task = Start-AsyncTask $c'
            '    await $task'
            '}'
            '$a = {'
            '    if ($true) { $x = 1, (await (Start-AsyncTask $b)) }'
            '}'
            'await (Start-AsyncTask $a)'
        )
        Get-Frame $lines | Should -Be 'Find-It 2', '<ScriptBlock> 4', '<ScriptBlock> 7', '<ScriptBlock> 10', '<ScriptBlock> 12'
    }

    It 'shows them where it had failed before it was awaited' {
        $lines = @(
            '$b = {'
            '    $task = Start-AsyncTask { throw "at once"'
            '        await (Start-AsyncSleep 0) }'
            '    await (Start-AsyncSleep 0.01)'
            '    await $task'
            '}'
            '$a = Start-AsyncTask $b'
            'await (Start-AsyncSleep 0.05)'
            'await $a'
        )
        Get-Frame $lines | Should -Be '<ScriptBlock> 2', '<ScriptBlock> 5', '<ScriptBlock> 9'
    }

    It 'shows each frame once for <Kind>' -TestCases @(
        @{ Kind = 'a gather'; Await = '$task, (Start-AsyncSleep 0) | Wait-AsyncGather'; Frames = '<ScriptBlock> 3', '<ScriptBlock> 6', '<ScriptBlock> 8' }
        @{ Kind = 'a time limit'; Await = 'Invoke-WithTimeout 20 -Task $task'; Frames = '<ScriptBlock> 3', '<ScriptBlock> 6', '<ScriptBlock> 8' }
        @{ Kind = 'a shield'; Await = 'await (Protect-AsyncTask $task)'; Frames = '<ScriptBlock> 3', '<ScriptBlock> 6', '<ScriptBlock> 8' }
        @{ Kind = 'a lock that is held meanwhile'; Await = 'Use-AsyncLock (New-AsyncLock) { await $task }'; Frames = '<ScriptBlock> 3', '<ScriptBlock> 6', '<ScriptBlock> 8' }
        @{ Kind = 'an await in a nested block'; Await = '1 | ForEach-Object { await $task }'; Frames = '<ScriptBlock> 3', '<ScriptBlock> 6', '<ScriptBlock> 6', '<ScriptBlock> 8' }
    ) {
        $lines = @(
            '$b = {'
            '    $task = Start-AsyncTask { await (Start-AsyncSleep 0.01)'
            '        throw "it" }'
            '    # Several things may happen'
            '    # here.'
            "    $Await"
            '}'
            'await (Start-AsyncTask $b -OnLoop)'
        )
        Get-Frame $lines | Should -Be $Frames
    }

    It 'has the caller behind the function where somebody reads what coroutines write' {
        $gate = New-Future
        $reader = Start-AsyncTask -OnLoop { await (async { await $gate }) 3>$null }
        $task = Start-AsyncTask -OnLoop { function Find-It { await (Start-AsyncSleep 0); throw 'none' } Find-It }
        $failure = try { await $task -TimeoutSec 60 } catch { $_ }
        Complete-Future $gate
        await $reader -TimeoutSec 60
        $frames = $failure.ScriptStackTrace -split [Environment]::NewLine -notmatch ', AsyncJobs scope: line'
        $frames[0] | Should -BeLike 'at Find-It, *.Tests.ps1: line *'
        $frames[1] | Should -BeLike 'at <ScriptBlock>, *.Tests.ps1: line *'
    }

    It 'names functions and named blocks' {
        $lines = @(
            'function Get-Title {'
            '    begin { $null = 1 }'
            '    process { await (Start-AsyncTask {'
            '        throw "it"; await 1 }) } }'
            'function Get-Both {'
            '    await (Start-AsyncTask Get-Title) }'
            'await (Start-AsyncTask Get-Both)'
        )
        Get-Frame $lines | Should -Be '<ScriptBlock> 4', 'Get-Title<Process> 3', 'Get-Both 6', '<ScriptBlock> 7'
    }

    It 'shows who awaits a thread task' {
        $lines = @(
            '$a = {'
            '    await (Start-AsyncTask { & {'
            '        throw "it" } } -OnThread)'
            '}'
            'await (Start-AsyncTask $a)'
        )
        Get-Frame $lines | Should -Be '<ScriptBlock> 3', '<ScriptBlock> 2', '<ScriptBlock> 2', '<ScriptBlock> 5'
    }

    It 'goes on from a catch that throws again' {
        $lines = @(
            '$b = {'
            '    try { await (Start-AsyncTask { await (Start-AsyncSleep 0); throw "it" }) }'
            '    catch { await (Start-AsyncSleep 0); throw }'
            '}'
            'await (Start-AsyncTask { $null'
            '    await (Start-AsyncTask $b) })'
        )
        Get-Frame $lines | Should -Be '<ScriptBlock> 2', '<ScriptBlock> 2', '<ScriptBlock> 6', '<ScriptBlock> 5'
    }

    It 'is that of the group for a group, and its own for each of the errors in it' {
        $lines = @(
            '$a = {'
            '    Invoke-AsyncTaskGroup {'
            '        $null = Start-AsyncTask { await (Start-AsyncSleep 0)'
            '            throw "it" }'
            '    }'
            '}'
            '$task = Start-AsyncTask $a'
            'await (Start-AsyncSleep 0.05)'
            'await $task'
        )
        Get-Frame $lines | Should -Be '<ScriptBlock> 2', '<ScriptBlock> 9'
        Set-Content $file $lines
        $failure = try { & $file } catch { $_ }
        $failure.Exception.ErrorRecords[0].ScriptStackTrace | Should -BeLike "at <ScriptBlock>, $($file): line 4*"
    }

    It 'stays readable where coroutines await each other <Depth> deep' -TestCases @{ Depth = 500 } {
        function Get-Deep($n) { if ($n -eq 0) { await (Start-AsyncSleep 0); throw 'bottom' }; await (Start-AsyncTask Get-Deep -ArgumentList ($n - 1)) }
        $failure = try { await (Start-AsyncTask Get-Deep -ArgumentList $Depth) } catch { $_ }
        $failure.Exception.Message | Should -Be bottom
        $frames = $failure.ScriptStackTrace -split [Environment]::NewLine
        $frames.Count | Should -BeGreaterThan 20
        $failure.ScriptStackTrace.Length | Should -BeLessThan 30000
    }
}

Describe 'The record of a failure that several await' {
    It 'is otherwise what it was' {
        Set-Content $file @(
            '$c = { await (Start-AsyncSleep 0)'
            '    Get-Item /no/such/file -ErrorAction Stop }'
            '$b = { try { await (Start-AsyncTask $c) } catch { $script:inner = $_; throw } }'
            'try { await (Start-AsyncTask {'
            '    await (Start-AsyncTask $b) }) } catch { $outer = $_ }'
            '$script:inner, $outer'
        )
        $Error.Clear()
        $inner, $outer = & $file
        $outer.ScriptStackTrace | Should -Not -Be $inner.ScriptStackTrace
        $outer.Exception | Should -Be $inner.Exception
        $outer.Exception | Should -BeOfType Management.Automation.ItemNotFoundException
        $outer.FullyQualifiedErrorId | Should -Be 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand'
        "$($outer.CategoryInfo)" | Should -BeLike 'ObjectNotFound: (Task*:String) `[Get-Item`], ItemNotFoundException'
        $outer.TargetObject | Should -Be /no/such/file
        $outer.InvocationInfo.PositionMessage | Should -Be $inner.InvocationInfo.PositionMessage
        $outer.InvocationInfo.ScriptLineNumber | Should -Be 2
        $outer.InvocationInfo.Statement | Should -Be 'Get-Item /no/such/file -ErrorAction Stop'
        $Error | Should -HaveCount 1
    }

    It 'names the command that <Kind>' -TestCases @(
        @{ Kind = 'is a cmdlet'; Command = 'Get-Item /no/such/file -ErrorAction Stop'; Name = 'Get-Item'; CalledAs = 'Get-Item'; Frames = '<ScriptBlock> 5', '<ScriptBlock> 7', '<ScriptBlock> 8' }
        @{ Kind = 'is called by an alias'; Command = 'gi /no/such/file -ErrorAction Stop'; Name = 'Get-Item'; CalledAs = 'gi'; Frames = '<ScriptBlock> 5', '<ScriptBlock> 7', '<ScriptBlock> 8' }
        @{ Kind = 'is a function'; Command = '$ErrorActionPreference = "Stop"; Stop-It'; Name = 'Stop-It'; CalledAs = 'Stop-It'; Frames = 'Stop-It<Process> 2', '<ScriptBlock> 5', '<ScriptBlock> 7', '<ScriptBlock> 8' }
        @{ Kind = 'writes its error'; Command = 'Write-It'; Name = 'Write-It'; CalledAs = 'Write-It'; Frames = 'Write-It 3', '<ScriptBlock> 5', '<ScriptBlock> 7', '<ScriptBlock> 8' }
        @{ Kind = 'is a script file'; Command = '& "$PSScriptRoot/Write-It.ps1"'; Name = 'Write-It.ps1'; CalledAs = '&'; Frames = '<ScriptBlock> 5', '<ScriptBlock> 7', '<ScriptBlock> 8' }
        @{ Kind = 'is one of ours'; Command = '$ErrorActionPreference = "Stop"; await 5'; Name = 'Wait-AsyncTask'; CalledAs = 'await'; Frames = '<ScriptBlock> 5', '<ScriptBlock> 7', '<ScriptBlock> 8' }
    ) {
        $lines = @(
            '# Functions that fail'
            'function Stop-It { [CmdletBinding()] param() process { $PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new([IO.IOException]::new("m"), "Own", "ReadError", 5)) } }'
            'function Write-It { [CmdletBinding()] param() Write-Error "w" -ErrorAction Stop }'
            '$b = { <Start>'
            "    $Command }"
            '$a = {'
            '    await (Start-AsyncTask $b <Way>) }'
            'await (Start-AsyncTask $a)'
        )
        foreach ($way in '', '-OnThread') {
            $script = $lines -replace '<Way>', $way -replace '<Start>', ('await (Start-AsyncSleep 0.01)', '')[[bool] $way]
            if ($way -and $CalledAs -eq 'await') { continue }
            Get-Frame $script | Should -Be $Frames
            $Error.Clear()
            $failure = try { & $file } catch { $_ }
            $failure.InvocationInfo.MyCommand.Name | Should -Be $Name
            $failure.InvocationInfo.InvocationName | Should -Be $CalledAs
            $failure.FullyQualifiedErrorId | Should -BeIn @('PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand', 'Own,Stop-It', 'Microsoft.PowerShell.Commands.WriteErrorException,Write-It', 'Microsoft.PowerShell.Commands.WriteErrorException,Write-It.ps1', 'NotAwaitable,AsyncJobs.WaitAsyncTaskCommand')
            $failure.InvocationInfo.ScriptLineNumber | Should -Be 5
            $Error | Should -HaveCount 1
            Get-Item / | Should -BeOfType IO.DirectoryInfo
        }
    }

    It 'is that of a command which there is not <Where>' -TestCases @(
        @{ Where = 'in a coroutine'; Start = 'await (Start-AsyncSleep 0.01)'; Way = '' }
        @{ Where = 'in a thread task'; Start = ''; Way = '-OnThread' }
    ) {
        Get-Frame @(
            "`$b = { $Start"
            '    $ErrorActionPreference = "Stop"'
            '    no-such-command 5 }'
            '$a = {'
            "    await (Start-AsyncTask `$b $Way) }"
            'await (Start-AsyncTask $a)'
        ) | Should -Be '<ScriptBlock> 3', '<ScriptBlock> 5', '<ScriptBlock> 6'
        $Error.Clear()
        $failure = try { & $file } catch [Management.Automation.CommandNotFoundException] { $_ }
        $failure.InvocationInfo.InvocationName | Should -Be 'no-such-command'
        $failure.InvocationInfo.MyCommand | Should -BeNullOrEmpty
        $failure.FullyQualifiedErrorId | Should -Be CommandNotFoundException
        $failure.InvocationInfo.PositionMessage | Should -BeLike 'At *:3 char:5*no-such-command 5*'
        $Error | Should -HaveCount 1
    }

    It 'can be read where the statement has several lines, however often it is awaited' {
        Set-Content $file @(
            '$c = { await (Start-AsyncSleep 0)'
            '    throw ('
            '        "first",'
            '        "second") }'
            '$b = { await (Start-AsyncTask $c) }'
            '$a = { await (Start-AsyncTask $b) }'
            'try { await (Start-AsyncTask { await (Start-AsyncTask $a) }) } catch { $_ }'
        )
        $failure = & $file
        $failure.InvocationInfo.Statement | Should -Be "throw (`n        `"first`",`n        `"second`")".Replace("`n", [Environment]::NewLine)
        $failure.InvocationInfo.PositionMessage | Should -BeLike 'At *:2 char:5*throw (*'
        $failure.ScriptStackTrace | Should -BeLike '*line 2*line 5*line 6*line 7*'
    }

    It 'is caught by its type' {
        $inner = { await (Start-AsyncSleep 0); throw [IO.FileNotFoundException]::new('gone') }
        $outer = { await (Start-AsyncTask $inner) }
        $outermost = {
            try { await (Start-AsyncTask $outer) } catch [IO.FileNotFoundException] { "caught $($_.Exception.Message)" }
        }
        await (Start-AsyncTask $outermost) | Should -Be 'caught gone'
    }
}

Describe 'The record of a failed item' {
    BeforeAll {
        function Stop-Item {
            [CmdletBinding()] param($Item)
            $PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new([IO.IOException]::new('bad'), 'Own', 'ReadError', $Item))
        }

        $failing = @{
            'an exception' = { throw [IO.IOException]'x' }
            'a text' = { throw 'text' }
            'a cmdlet' = { Get-Item /no/such -ErrorAction Stop }
            'a function' = { Stop-Item 5 }
            'a statement' = { 1 / 0 }
            'a method' = { ''.Substring(5) }
            'an unknown command' = { no-such-command }
        }
        $ways = @{
            'ForEach-Async' = { 1..3 | ForEach-Async @where $block -ErrorAction SilentlyContinue -ErrorVariable errors; $errors[0] }
            'ForEach-Async -PassThru' = { (1..3 | ForEach-Async @where $block -PassThru).Error }
            'Receive-AsyncTask' = { 1..3 | Start-AsyncTask @where $block | Receive-AsyncTask -ErrorAction SilentlyContinue -ErrorVariable errors; $errors[0] }
            'Wait-AsyncGather' = { try { 1..3 | Start-AsyncTask @where $block | Wait-AsyncGather } catch { $_ } }
            'await' = { try { 2 | Start-AsyncTask @where $block | Wait-AsyncTask } catch { $_ } }
        }
        $plainly = { try { & $failing[$Failure] } catch { $_ } }
        $head = { "$(($input | Out-String) -split ':' | Select-Object -First 1)" }
    }

    It 'has the item, the place, the command and the heading of the failure: <Failure>, <Way>' -TestCases @(
        foreach ($failure in 'an exception', 'a text', 'a cmdlet', 'a function', 'a statement', 'a method', 'an unknown command') {
            foreach ($way in 'ForEach-Async', 'ForEach-Async -PassThru', 'Receive-AsyncTask', 'Wait-AsyncGather', 'await') {
                @{ Failure = $failure; Way = $way }
            }
        }
    ) {
        $expected = . $plainly
        foreach ($kind in 'OnLoop', 'OnThread') {
            $where = @{ $kind = $true }
            $block = [scriptblock]::Create("if (`$_ -eq 2) {`n$($failing[$Failure])`n}")
            $record = @(. $ways[$Way] | Where-Object { $_ })[0]
            $record.TargetObject | Should -Be 2
            $record.TargetObject | Should -BeOfType int
            $record.InvocationInfo.ScriptLineNumber | Should -Be 2
            $record.InvocationInfo.MyCommand.Name | Should -Be $expected.InvocationInfo.MyCommand.Name
            $record.FullyQualifiedErrorId | Should -Be $expected.FullyQualifiedErrorId
            $record.CategoryInfo.Category | Should -Be $expected.CategoryInfo.Category
            $record.CategoryInfo.TargetName | Should -BeLike 'Task*'
            $record | & $head | Should -Be ($expected | & $head)
        }
    }

    It 'of one without input has the target that it came with' {
        $record = try { await (async { await (Start-AsyncSleep 0); throw 'text' }) } catch { $_ }
        $record.TargetObject | Should -Be text
        $record = try { await (async { Get-Item /no/such -ErrorAction Stop }) } catch { $_ }
        $record.TargetObject | Should -Be /no/such
    }

    It 'is shown at the line of the throw' {
        Set-Content $file @(
            '1 | ForEach-Async {'
            '    await (Start-AsyncSleep 0)'
            '    throw "x"'
            '}'
        )
        (& $file 2>&1 | Out-String) -replace '\e\[[\d;]*m' | Should -BeLike "Exception: ${file}:3*throw `"x`"*"
    }
}

Describe 'The target of a cancellation' {
    It 'is what is waited for: <Wait>' -TestCases @(
        @{ Wait = 'await $future'; Target = 'Future\[\]|ProtectedTask' }
        @{ Wait = 'Wait-AsyncTask $future -Any'; Target = 'Future\[\]|ProtectedTask' }
        @{ Wait = 'await $future, (New-Future)'; Target = 'Future\[\]|ProtectedTask' }
        @{ Wait = 'Wait-AsyncGather $future'; Target = 'Future\[\]|ProtectedTask' }
        @{ Wait = 'Wait-AsyncEvent $event'; Target = 'AsyncEvent' }
    ) {
        ($event, $future) = (New-AsyncEvent), (Protect-AsyncTask (New-Future))
        $block = [scriptblock]::Create(@"
            try {
                Invoke-AsyncTaskGroup {
                    `$null = async { await (Start-AsyncSleep 0); throw 'x' }
                    try { $Wait } catch { `$_.TargetObject.GetType().Name }
                }
            } catch { }
"@)
        & $block | Should -MatchExactly "^($Target)`$"
        await (async -OnLoop $block) -TimeoutSec 60 | Should -MatchExactly "^($Target)`$"
        Stop-AsyncTask $future -Wait
    }
}
