BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1

    # Defined where tests of classes need them: a class is known from where its file is read.
    class CapturedThing {
        [int] $Number
        CapturedThing([int] $number) { $this.Number = $number }
        [string] Say() { return "thing $($this.Number)" }
        static [string] Make() { return 'made' }
    }

    enum CapturedColour { Red; Green }

    class CapturedCaller {
        [string] GetSuffix() { return (Get-ClassSuffix) + $script:ofClass }
    }

    class CapturedHeir : CapturedCaller { }
}

Describe 'A thread task takes along from its caller' {
    Context 'Variables' {
        It 'that it reads <Scenario>' -TestCases @(
            @{ Scenario = 'by name'; Block = { $number + 1 }; Expected = 42 }
            @{ Scenario = 'in braces'; Block = { ${number} + 1 }; Expected = 42 }
            @{ Scenario = 'with $using:'; Block = { $using:number + 1 }; Expected = 42 }
            @{ Scenario = 'in a string'; Block = { "n=$number $($config.Name)" }; Expected = 'n=41 conf' }
            @{ Scenario = 'in nested blocks'; Block = { & { 1 | ForEach-Object { $number + 1 } } }; Expected = 42 }
            @{ Scenario = 'splatted'; Block = { Join-Path @paths }; Expected = { Join-Path a b } }
            @{ Scenario = 'by literal name'; Block = { (Get-Variable number).Value + (Get-Variable -Name number -ValueOnly) }; Expected = 82 }
            @{ Scenario = 'by literal name, of a cmdlet with its module'; Block = { (Microsoft.PowerShell.Utility\Get-Variable number).Value }; Expected = 41 }
            @{ Scenario = 'before it assigns them'; Block = { $number++; $number }; Expected = 42 }
            @{ Scenario = 'in a default of param'; Block = { param($x = $number) $x }; Expected = 41 }
            @{ Scenario = 'in a function of its own'; Block = { function Get-It { $number + 1 }; Get-It }; Expected = 42 }
        ) {
            $number = 41
            $config = @{ Name = 'conf' }
            $paths = @{ Path = 'a'; ChildPath = 'b' }
            $null = $number, $config, $paths
            $wanted = $Expected -is [scriptblock] ? (& $Expected) : $Expected
            await (Start-AsyncTask $Block) -TimeoutSec 60 | Should -Be $wanted
        }

        It 'of a closure with $using:, from the closure' {
            $number = 1
            $block = { $using:number }.GetNewClosure()
            $number = 2
            await (Start-AsyncTask $block) -TimeoutSec 60 | Should -Be 1
        }

        It 'and fails where one with $using: is not there, under strict mode' {
            Set-StrictMode -Version 1
            { Start-AsyncTask { $using:captured_nothing } } | Should -Throw '*captured_nothing*' -ErrorId 'VariableIsUndefined,*'
        }

        It 'as they were when it was started' {
            $value = 'then'
            $assigned = [Threading.ManualResetEventSlim]::new()
            $task = Start-AsyncTask { $null = $assigned.Wait(60000); $value }
            $value = 'now'
            $assigned.Set()
            await $task -TimeoutSec 60 | Should -Be 'then'
            $value | Should -Be 'now'
        }

        It 'and assigning them stays in the task' {
            $value = 1
            await (Start-AsyncTask { $value++; $value }) -TimeoutSec 60 | Should -Be 2
            $value | Should -Be 1
        }

        It 'in a scope around its own' {
            $count = 10
            await (Start-AsyncTask { $own = @(Get-Variable -Scope 0 | Where-Object Name -eq count).Count; $own; $count += 5; $count }) -TimeoutSec 60 | Should -Be 0, (& { $count += 5; $count })
            $null = $count
        }

        It 'by reference where they are references' {
            $shared = [Collections.Concurrent.ConcurrentQueue[int]]::new()
            1..3 | Start-AsyncTask { $shared.Enqueue($_) } | await -TimeoutSec 60
            $shared.Count | Should -Be 3
        }

        It 'but not private ones, which no other scope sees' {
            $private:hidden = 1
            await (Start-AsyncTask { $null -eq $hidden }) -TimeoutSec 60 | Should -BeTrue
            await (Start-AsyncTask { $using:hidden }) -TimeoutSec 60 | Should -Be 1
            $null = $hidden
        }

        It 'and the exit code of the last program' {
            $pwsh = Get-PowerShellHost
            $global:LASTEXITCODE = 7
            await (Start-AsyncTask { $LASTEXITCODE; $null = & $pwsh.FilePath @($pwsh.ArgumentList) -NoProfile -Version; $LASTEXITCODE }) -TimeoutSec 60 | Should -Be 7, 0
            $LASTEXITCODE | Should -Be 7
        }

        It 'of the pipeline around it' {
            1..3 | ForEach-Object { Start-AsyncTask { "<$_>" } } | await -TimeoutSec 60 | Should -Be '<1>', '<2>', '<3>'
        }

        It 'with $global: and $script:' {
            $global:capturedGlobal = 'g'
            $script:capturedScript = 's'
            try {
                await (Start-AsyncTask { "$global:capturedGlobal$script:capturedScript" }) -TimeoutSec 60 | Should -Be 'gs'
                await (Start-AsyncTask { "<$($global:capturedGlobal = 1)>$global:capturedGlobal" }) -TimeoutSec 60 | Should -Be '<>1'
            }
            finally {
                Remove-Variable capturedGlobal -Scope Global
                Remove-Variable capturedScript -Scope Script
            }
            $global:capturedGlobal | Should -BeNullOrEmpty
        }
    }

    Context 'Preferences' {
        It 'of the session' {
            $session = New-TestSession
            try {
                Invoke-InSession $session '$ErrorActionPreference = "Stop"; $OFS = "-"; $list = 1, 2; await (Start-AsyncTask { "$ErrorActionPreference $list" }) -TimeoutSec 60' | Should -Be 'Stop 1-2'
            }
            finally { Remove-TestSession $session }
        }

        It 'that -Verbose, -WhatIf and -Confirm set' {
            function Invoke-Common {
                [CmdletBinding(SupportsShouldProcess)] param()
                await (Start-AsyncTask { "$VerbosePreference $WhatIfPreference $ConfirmPreference" }) -TimeoutSec 60
            }
            Invoke-Common -Verbose -WhatIf -Confirm:$false 4>$null | Should -Be 'Continue True None'
        }

        It 'and default parameter values' {
            $PSDefaultParameterValues = @{ 'Join-Path:ChildPath' = 'child' }
            await (Start-AsyncTask { Join-Path -Path parent }) -TimeoutSec 60 | Should -Be (Join-Path parent child)
            $null = $PSDefaultParameterValues
        }

        It 'and strict mode <Version>' -TestCases @(
            @{ Version = 0; Expected = 'no variable', 'no property', 'no element' }
            @{ Version = 1; Expected = 'VariableIsUndefined', 'no property', 'no element' }
            @{ Version = 2; Expected = 'VariableIsUndefined', 'PropertyNotFoundStrict', 'no element' }
            @{ Version = 3; Expected = 'VariableIsUndefined', 'PropertyNotFoundStrict', 'System.IndexOutOfRangeException' }
        ) {
            if ($Version) { Set-StrictMode -Version $Version } else { Set-StrictMode -Off }
            function Get-Missing { try { $null = $captured_nothing; 'no variable' } catch { $_.FullyQualifiedErrorId } }
            # A list that is full forgets its oldest error for each new one.
            $Error.Clear()
            await (Start-AsyncTask {
                    Get-Missing
                    try { $null = ''.Nothing; 'no property' } catch { $_.FullyQualifiedErrorId }
                    try { $null = @()[1]; 'no element' } catch { $_.FullyQualifiedErrorId }
                }) -TimeoutSec 60 | Should -Be $Expected
            $Error.Count | Should -Be 0
        }

        It 'and what flows with its execution' {
            $activity = [Diagnostics.Activity]::new('captured').Start()
            try {
                await (Start-AsyncTask { [Diagnostics.Activity]::Current.OperationName }) -TimeoutSec 60 | Should -Be 'captured'
            } finally {
                $activity.Stop()
            }
        }

        It 'and its culture' {
            $before = [cultureinfo]::CurrentCulture
            try {
                [cultureinfo]::CurrentCulture = 'de-DE'
                await (Start-AsyncTask { '{0:0.0}' -f 1.5 }) -TimeoutSec 60 | Should -Be '1,5'
            }
            finally { [cultureinfo]::CurrentCulture = $before }
        }
    }

    Context 'Functions' {
        It 'that it calls, those that they call, and the variables that these read' {
            $prefix = 'p'
            function Get-Inner($x) { "$prefix-$x" }
            function Get-Outer { param($y) (Get-Inner $y) + '!' }
            filter Add-Mark { "${_}?" }
            await (Start-AsyncTask { Get-Outer 5 | Add-Mark }) -TimeoutSec 60 | Should -Be 'p-5!?'
            $null = $prefix
        }

        It 'that it calls <Scenario>' -TestCases @(
            @{ Scenario = 'by an alias'; Block = { gcap 1 } }
            @{ Scenario = 'in a nested block'; Block = { & { 1 | ForEach-Object { Get-Captured $_ } } } }
            @{ Scenario = 'in a string'; Block = { "$(Get-Captured 1)" } }
            @{ Scenario = 'by a variable'; Block = { & $command 1 } }
            @{ Scenario = 'through its drive'; Block = { & ${function:Get-Captured} 1 } }
        ) {
            function Get-Captured($x) { "captured $x" }
            Set-Alias gcap Get-Captured
            $command = 'Get-Captured'
            $null = $command
            await (Start-AsyncTask $Block) -TimeoutSec 60 | Should -Be 'captured 1'
        }

        It 'in place of cmdlets of the same name' {
            function Get-Random { 'mine' }
            await (Start-AsyncTask { Get-Random }) -TimeoutSec 60 | Should -Be 'mine'
        }

        It 'with the file and line of what goes wrong in them' {
            function Invoke-Wrong { throw 'wrong' }
            $line = (Get-Command Invoke-Wrong).ScriptBlock.StartPosition.StartLine
            $failure = try { await (Start-AsyncTask { Invoke-Wrong }) -TimeoutSec 60 } catch { $_ }
            $failure.InvocationInfo.ScriptName | Should -Be $PSCommandPath
            $failure.InvocationInfo.ScriptLineNumber | Should -Be $line
            $failure.ScriptStackTrace | Should -BeLike "*Invoke-Wrong, ${PSCommandPath}: line $line*"
        }

        It 'given as the block itself' {
            function Get-Sum($a, $b = 2) { $a + $b }
            await (Start-AsyncTask ${function:Get-Sum} -ArgumentList 5) -TimeoutSec 60 | Should -Be 7
        }

        It 'with classes and enums in their attributes' {
            Set-Content "$TestDrive/typed.ps1" @'
class Typed { [string] $Name = 'n' }
enum TypedKind { A; B }
function New-Typed { [OutputType([Typed], [TypedKind])] param([TypedKind] $Kind) "$([Typed]::new().Name) $Kind" }
await (Start-AsyncTask { New-Typed B }) -TimeoutSec 60
'@
            & "$TestDrive/typed.ps1" | Should -Be 'n B'
        }

        It 'and leaves none of them behind' {
            & {
                function Get-Captured { 1 }
                await (Start-AsyncTask { Get-Captured }) -TimeoutSec 60 | Out-Null
            }
            await (Start-AsyncTask { @(& (Get-Command Get-Command) "Get-Cap*" -CommandType Function).Count }) -TimeoutSec 60 | Should -Be 0
        }
    }

    Context 'Callers' {
        BeforeAll {
            Set-Content "$TestDrive/Caller.psm1" @'
$token = 'none'
function Connect-It($value) { $script:token = $value }
function Get-Private { "private $token" }
function Invoke-It { param($x) await (Start-AsyncTask { Get-Private; "$x $script:token $token"; Get-Other }) -TimeoutSec 60 }
Export-ModuleMember -Function Connect-It, Invoke-It
'@
            Set-Content "$TestDrive/Other.psm1" 'function Get-Other { "other $(Get-Hidden)" }; function Get-Hidden { "hidden" }; Export-ModuleMember -Function Get-Other'
            Import-Module "$TestDrive/Caller.psm1", "$TestDrive/Other.psm1"
        }

        AfterAll { Remove-Module Caller, Other }

        It 'a function of a module: its private functions and variables, as they are now' {
            Connect-It secret
            Invoke-It 7 | Should -Be 'private secret', '7 secret secret', 'other hidden'
        }

        It 'a script' {
            Set-Content "$TestDrive/caller.ps1" '$local = 1; function Get-Local { "local $local" }; await (Start-AsyncTask { Get-Local; $script:local; Split-Path -Leaf $PSCommandPath }) -TimeoutSec 60'
            & "$TestDrive/caller.ps1" | Should -Be 'local 1', 1, 'caller.ps1'
        }

        It 'the prompt' {
            $session = New-TestSession
            try {
                $null = Invoke-InSession $session '$number = 1; function Get-Number { $number }; class Interactive { [string] Say() { return "said" } }; function Use-Interactive { [Interactive]::new().Say() }'
                Invoke-InSession $session 'await (Start-AsyncTask { $number; Get-Number; Use-Interactive }) -TimeoutSec 60' | Should -Be 1, 1, 'said'
            }
            finally { Remove-TestSession $session }
        }

        It 'a function of a module that is given the block: what its writer sees, nothing of the module' {
            $file = Join-Path $TestDrive StartsGiven.psm1
            Set-Content $file {
                Set-StrictMode -Version 3
                function Start-Given([scriptblock] $given) { $seen = 'inside'; $ErrorActionPreference = 'Stop'; Start-AsyncTask $given }
                function Get-GivenSuffix { 'inside' }
                Export-ModuleMember Start-Given
            }
            Import-Module $file
            try {
                $seen = 'outside'
                $used = 'used'
                function Get-GivenSuffix { 'outside' }
                await (Start-Given { "$seen $(Get-GivenSuffix) $using:used $($using:used.Length) $ErrorActionPreference"; $null = ''.Nothing; Invoke-Expression '$seen' }) -TimeoutSec 60 |
                    Should -Be 'outside outside used 4 Continue', 'outside'
                $null = $seen, $used
            } finally {
                Remove-Module StartsGiven
            }
        }

        It 'a method: its object' {
            $thing = [pscustomobject]@{ Number = 5 }
            $thing | Add-Member ScriptMethod Start { Start-AsyncTask { $this.Number } }
            await $thing.Start() -TimeoutSec 60 | Should -Be 5
        }

        It 'gets modules imported once for each thread, by path' {
            $ids = 1..4 | Start-AsyncTask { Get-Other; Start-Sleep -Milliseconds 20 } | await -TimeoutSec 60
            $ids | Should -Be @('other hidden', 'other hidden', 'other hidden', 'other hidden')
        }

        It 'gets them too where it calls what nobody can know beforehand' {
            1..2 | Start-AsyncTask { Invoke-Expression ('Get-' + 'Other') } | await -TimeoutSec 60 | Should -Be 'other hidden', 'other hidden'
            await (Start-AsyncTask { param($name) & $name } -ArgumentList Get-Other) -TimeoutSec 60 | Should -Be 'other hidden'
        }

        It 'gets them as the session has them: edited, with a prefix, hidden by another' {
            $file = "$TestDrive/Edited.psm1"
            Set-Content $file 'function Get-EditedText { "old" }'
            Import-Module $file
            await (Start-AsyncTask { Get-EditedText }) -TimeoutSec 60 | Should -Be 'old'
            Set-Content $file 'function Get-EditedText { "new" }'
            Import-Module $file -Force
            await (Start-AsyncTask { Get-EditedText }) -TimeoutSec 60 | Should -Be 'new'
            Remove-Module Edited
            Import-Module $file -Prefix My
            Set-Content "$TestDrive/HidesEdited.psm1" 'function Get-MyEditedText { "hides" }'
            try {
                await (Start-AsyncTask { Get-MyEditedText }) -TimeoutSec 60 | Should -Be 'new'
                Import-Module "$TestDrive/HidesEdited.psm1"
                await (Start-AsyncTask { HidesEdited\Get-MyEditedText }) -TimeoutSec 60 | Should -Be 'hides'
            } finally {
                Remove-Module Edited, HidesEdited
            }
        }

        It 'gives them what the session''s have been given: <Scenario>' -TestCases @(
            @{ Scenario = 'one value'; Arguments = , 5; Expected = '5 3  ' }
            @{ Scenario = 'several, of which one is a table'; Arguments = 'five', 7, @{ A = 1 }; Expected = 'five 7 1 ' }
            @{ Scenario = 'nothing'; Arguments = @(); Expected = ' 3  ' }
            @{ Scenario = 'the caller''s session, which is left out'; Arguments = 'five', 7, @{ A = 1 }, $ExecutionContext; Expected = 'five 7 1 ' }
        ) {
            Set-Content "$TestDrive/Configured.psm1" 'param($Setting, [int] $Level = 3, $Table, $Session, [switch] $Quiet)
                function Get-Configured { "$Setting $Level $($Table.A) $(if ($Session) { $Session.GetType().Name })" }'
            Set-Content "$TestDrive/Configured.psd1" '@{ ModuleVersion = "1.0"; RootModule = "Configured.psm1"; FunctionsToExport = "*" }'
            foreach ($file in 'Configured.psm1', 'Configured.psd1') {
                Import-Module "$TestDrive/$file" -ArgumentList $Arguments -Force
                try {
                    await (Start-AsyncTask { Get-Configured }) -TimeoutSec 60 | Should -Be $Expected
                }
                finally { Remove-Module Configured }
            }
        }

        It 'fails the task where a module cannot be imported' {
            Set-Content "$TestDrive/Fragile.psm1" 'function Get-Fragile { 1 }'
            Import-Module "$TestDrive/Fragile.psm1"
            try {
                Set-Content "$TestDrive/Fragile.psm1" 'throw "no more"'
                { await (Start-AsyncTask { Get-Fragile }) -TimeoutSec 60 } | Should -Throw '*no more*'
            }
            finally { Remove-Module Fragile }
        }
    }

    Context 'Drives' {
        It 'of its own that a path names' {
            $null = New-PSDrive Captured FileSystem $TestDrive
            Set-Content Captured:/file.txt 'content'
            $leaf = 'file'
            await (Start-AsyncTask { Get-Content Captured:/file.txt; Get-Content "Captured:/$leaf.txt" }) -TimeoutSec 60 | Should -Be 'content', 'content'
            await (Start-AsyncTask { 'Captured' -in [string[]] $ExecutionContext.SessionState.Drive.GetAll().Name }) -TimeoutSec 60 | Should -BeFalse
            $null = $leaf
        }
    }

    Context 'Drives in what it is given' {
        BeforeAll { $null = New-PSDrive CapturedDrive FileSystem $TestDrive -Scope Global }
        AfterAll { Remove-PSDrive CapturedDrive }

        It '<Scenario>' -TestCases @(
            @{ Scenario = 'a variable'; Start = { $path = 'CapturedDrive:/'; Start-AsyncTask { Test-Path $path } } }
            @{ Scenario = 'a list'; Start = { $paths = 'CapturedDrive:/', '/'; Start-AsyncTask { (Test-Path $paths)[0] } } }
            @{ Scenario = 'an argument'; Start = { Start-AsyncTask { Test-Path $args[0] } -ArgumentList 'CapturedDrive:/' } }
            @{ Scenario = 'the input'; Start = { 'CapturedDrive:/' | Start-AsyncTask { Test-Path $_ } } }
            @{ Scenario = 'Get-PSDrive'; Start = { Start-AsyncTask { (Get-PSDrive CapturedDrive).Name -eq 'CapturedDrive' } } }
        ) {
            await (& $Start) -TimeoutSec 60 | Should -BeTrue
            await (Start-AsyncTask { 'CapturedDrive' -in [string[]] $ExecutionContext.SessionState.Drive.GetAll().Name }) -TimeoutSec 60 | Should -BeFalse
        }
    }

    Context 'The location' {
        It '<Place>' -TestCases @(
            @{ Place = 'CapturedPlace:/' }
            @{ Place = 'Env:/' }
            @{ Place = 'Function:/' }
        ) {
            $null = New-PSDrive CapturedPlace FileSystem $TestDrive
            Push-Location $Place
            try {
                await (Start-AsyncTask { "$PWD"; (Get-Location).Provider.Name }) -TimeoutSec 60 |
                    Should -Be "$PWD", $PWD.Provider.Name
            } finally {
                Pop-Location
            }

            # The same runspace serves a caller that is elsewhere.
            await (Start-AsyncTask { "$PWD" }) -TimeoutSec 60 | Should -Be "$PWD"
        }
    }

    Context 'Classes' {
        It 'known where the block was written' {
            await (Start-AsyncTask { [CapturedThing]::new(3).Say(); [CapturedThing]::Make(); [CapturedColour]::Green }) -TimeoutSec 60 |
                Should -Be 'thing 3', 'made', ([CapturedColour]::Green)
        }

        It 'and instances, for their properties' {
            $thing = [CapturedThing]::new(4)
            await (Start-AsyncTask { $thing.Number; $own = [CapturedThing]::new(5); $own.Say() }) -TimeoutSec 60 | Should -Be 4, 'thing 5'
        }

        It 'but not instances whose methods would never come back: <Scenario>' -TestCases @(
            @{ Scenario = 'in a variable'; Start = { $thing = [CapturedThing]::new(4); Start-AsyncTask { $thing.Say() } }; Names = '*$thing*' }
            @{ Scenario = 'in a list'; Start = { $things = @([CapturedThing]::new(4)); Start-AsyncTask { foreach ($t in $things) { $t.Say() } } }; Names = '*$things*' }
            @{ Scenario = 'as input'; Start = { [CapturedThing]::new(4) | Start-AsyncTask { $_.Say() } }; Names = '*input object*' }
            @{ Scenario = 'as an argument'; Start = { Start-AsyncTask { param($t) $t.Say() } -ArgumentList ([CapturedThing]::new(4)) }; Names = '*argument*' }
            @{ Scenario = 'with $using:'; Start = { $thing = [CapturedThing]::new(4); Start-AsyncTask { ($using:thing).Say() } }; Names = '*thing*' }
        ) {
            { & $Start } | Should -Throw $Names -ErrorId 'CannotCapture,*'
        }

        It 'with the functions and variables that their methods use' {
            function Get-ClassSuffix { 'suffix ' }
            $script:ofClass = 'of class'
            await (Start-AsyncTask { [CapturedCaller]::new().GetSuffix() }) -TimeoutSec 60 | Should -Be 'suffix of class'
            await (Start-AsyncTask { [Collections.Generic.List[CapturedHeir]]::new([CapturedHeir[]] [CapturedHeir]::new())[0].GetSuffix() }) -TimeoutSec 60 |
                Should -Be 'suffix of class'
        }

        It 'but not by a name in text: <Scenario>' -TestCases @(
            @{ Scenario = 'New-Object'; Block = { New-Object CapturedThing 4 } }
            @{ Scenario = 'New-Object -TypeName'; Block = { New-Object -ArgumentList 4 -TypeName CapturedThing } }
            @{ Scenario = '-as'; Block = { 'CapturedThing' -as [type] } }
            @{ Scenario = '-is'; Block = { $_ -is 'CapturedThing' } }
            @{ Scenario = 'a cast'; Block = { [type] 'CapturedThing' } }
        ) {
            { Start-AsyncTask $Block } | Should -Throw '*class CapturedThing*line *' -ErrorId 'CannotCapture,*'
        }
    }

    Context 'Script blocks' {
        It 'cut loose from the session, with what they read in turn' {
            $a = 1
            $block = { "block $a $args" }
            await (Start-AsyncTask { & $block 1; $block.Invoke(2); 3 | ForEach-Object $block }) -TimeoutSec 60 | Should -Be 'block 1 1', 'block 1 2', 'block 1 '
            await (Start-AsyncTask { & ($using:block) 4 }) -TimeoutSec 60 | Should -Be 'block 1 4'
            await (Start-AsyncTask { param($b) & $b 5 } -ArgumentList $block) -TimeoutSec 60 | Should -Be 'block 1 5'
            $null = $a
        }

        It 'closures with their own variables' {
            $i = 5
            $closure = { "i=$i" }.GetNewClosure()
            $i = 6
            await (Start-AsyncTask { & $closure }) -TimeoutSec 60 | Should -Be 'i=5'
            await (Start-AsyncTask $closure) -TimeoutSec 60 | Should -Be 'i=5'
            $null = $i
        }

        It 'closures each with its own, and functions and changes of theirs' {
            function global:Get-CapturedDouble($number) { 2 * $number }
            try {
                $actions = foreach ($n in 1..3) { { $script:n++; Get-CapturedDouble $n }.GetNewClosure() }
                await (Start-AsyncTask { $actions | ForEach-Object { & $_; & $_ } }) -TimeoutSec 60 | Should -Be 4, 6, 6, 8, 8, 10
                & $actions[0] | Should -Be 4
            } finally {
                Remove-Item function:Get-CapturedDouble
            }
        }

        It 'where <Scenario> holds them' -TestCases @(
            @{ Scenario = 'a hashtable'; Holder = { @{ Run = $args[0] } }; Block = { & $holder.Run 1 } }
            @{ Scenario = 'an ordered table'; Holder = { [ordered]@{ Run = $args[0] } }; Block = { & $holder['RUN'] 1 } }
            @{ Scenario = 'an array'; Holder = { , @(1, $args[0]) }; Block = { & $holder[1] 1 } }
            @{ Scenario = 'a list'; Holder = { $list = [Collections.Generic.List[scriptblock]]::new(); $list.Add($args[0]); , $list }; Block = { & $holder[0] 1 } }
            @{ Scenario = 'a dictionary'; Holder = { $table = [Collections.Generic.Dictionary[string, object]]::new([StringComparer]::OrdinalIgnoreCase); $table['run'] = $args[0]; $table }; Block = { & $holder['RUN'] 1 } }
            @{ Scenario = 'an object'; Holder = { [pscustomobject]@{ Run = $args[0] } }; Block = { & $holder.Run 1 } }
            @{ Scenario = 'a script method'; Holder = { [pscustomobject]@{ A = 1 } | Add-Member -PassThru -MemberType ScriptMethod -Name Run -Value $args[0] }; Block = { $holder.Run(1) } }
            @{ Scenario = 'a script property'; Holder = { [pscustomobject]@{ A = 1 } | Add-Member -PassThru -MemberType ScriptProperty -Name Run -Value $args[0] }; Block = { $holder.Run } ; Expected = ' in s' }
            @{ Scenario = 'a delegate'; Holder = { [Func[object, object]] $args[0] }; Block = { $holder.Invoke(1) } }
            @{ Scenario = 'an object deep inside'; Holder = { @{ A = @(0, [pscustomobject]@{ B = @{ Run = $args[0] } }) } }; Block = { & $holder.A[1].B.Run 1 } }
            @{ Scenario = 'a table that holds itself'; Holder = { $table = @{ Run = $args[0] }; $table.Self = $table; $table }; Block = { & $holder.Self.Self.Run 1 } }
        ) {
            # A block of the caller's session would run there, in the scopes of whatever else runs there.
            function Get-CapturedSuffix { 'in ' + $where }
            $where = 's'
            $holder = & $Holder { param($number) $own = $number; Start-Sleep -Milliseconds 1; "$own $(Get-CapturedSuffix)" }
            $expected = $Expected ?? '1 in s'
            $results = await (1..20 | Start-AsyncTask $Block) -TimeoutSec 60
            $results | Should -HaveCount 20
            $results | Should -Be (@($expected) * 20)
            $where | Should -Be 's'
        }

        It 'and does not copy what holds none' {
            $table = @{ List = [Collections.ArrayList]::new() }
            $withBlock = @{ List = $table.List; Run = { 1 } }
            await (Start-AsyncTask { $table.Added = 1; $null = $withBlock.List.Add(2) }) -TimeoutSec 60
            $table.Added | Should -Be 1
            $table.List | Should -Be 2
            $null = $withBlock
        }

        It 'from the pipeline, with what they use' {
            function Get-CapturedPart { 'part ' + $part }
            $part = 1
            $blocks = { Get-CapturedPart }, { $part + 1 }
            await ($blocks | Start-AsyncTask { & $_ }) -TimeoutSec 60 | Should -Be 'part 1', 2
        }

        It 'that a function of a module calls, in the scope that they come from' {
            $file = Join-Path $TestDrive InvokeBlock.psm1
            'function Invoke-CapturedBlock($block) { $seen = 2; & $block }' | Set-Content $file
            Import-Module $file
            try {
                $seen = 1
                $block = { $seen }
                await (Start-AsyncTask { Invoke-CapturedBlock $block }) -TimeoutSec 60 | Should -Be (Invoke-CapturedBlock $block)
                $null = $seen
            } finally {
                Remove-Module InvokeBlock
            }
        }

        It 'functions of a module in memory, with its private ones and its variables' {
            $null = New-Module -Name CapturedInMemory {
                $count = 5
                function Get-PrivatePart { "private $count" }
                function Get-PublicPart { $script:count++; Get-PrivatePart }
                Export-ModuleMember Get-PublicPart
            } | Import-Module -PassThru
            try {
                await (Start-AsyncTask { Get-PublicPart; Get-PublicPart }) -TimeoutSec 60 | Should -Be 'private 6', 'private 7'
                Get-PublicPart | Should -Be 'private 6'
            } finally {
                Remove-Module CapturedInMemory
            }
        }
    }

    Context 'What is named only when the block runs' {
        It '<Scenario>' -TestCases @(
            @{ Scenario = 'a variable by a name in a variable'; Block = { $name = 'num' + 'ber'; Get-Variable $name -ValueOnly }; Expected = 41 }
            @{ Scenario = 'variables by a pattern'; Block = { (Get-Variable numb*).Value }; Expected = 41 }
            @{ Scenario = 'a variable through its drive'; Block = { (Get-Item variable:number).Value }; Expected = 41 }
            @{ Scenario = 'a variable of the session state'; Block = { $ExecutionContext.SessionState.PSVariable.GetValue('number') }; Expected = 41 }
            @{ Scenario = 'in Invoke-Expression'; Block = { Invoke-Expression 'Get-Unnamed $number' }; Expected = 'unnamed 41' }
            @{ Scenario = 'in a block made of text'; Block = { & ([scriptblock]::Create('Get-Unnamed $number')) }; Expected = 'unnamed 41' }
            @{ Scenario = 'in an expanded string'; Block = { $ExecutionContext.InvokeCommand.ExpandString('$number') }; Expected = 41 }
            @{ Scenario = 'a function by a computed name'; Block = { & ('Get-' + 'Unnamed') 1 }; Expected = 'unnamed 1' }
            @{ Scenario = 'a function by Get-Command'; Block = { $command = Get-Command Get-Unnamed; & $command 1 }; Expected = 'unnamed 1' }
            @{ Scenario = 'a function through its drive'; Block = { Test-Path function:Get-Unnamed }; Expected = $true }
            @{ Scenario = 'an alias'; Block = { (Get-Alias unnamed).Definition }; Expected = 'Get-Unnamed' }
            @{ Scenario = 'in a script that it calls'; Block = { & $file }; Expected = 'unnamed 41' }
            @{ Scenario = 'in a script that it dot-sources by a computed path'; Block = { . ($file + ''); $fromFile }; Expected = 'unnamed 41', 'set' }
            @{ Scenario = 'in a PowerShell object of its own runspace'; Block = { [powershell]::Create('CurrentRunspace').AddScript('Get-Unnamed $number').Invoke() }; Expected = 'unnamed 41' }
        ) {
            function Get-Unnamed($argument) { "unnamed $argument" }
            Set-Alias unnamed Get-Unnamed
            $number = 41
            $file = Join-Path $TestDrive unnamed.ps1
            '$fromFile = "set"; Get-Unnamed $number' | Set-Content $file
            await (Start-AsyncTask $Block) -TimeoutSec 60 | Should -Be $Expected
            $null = $number
        }

        It 'and is an error only where the block reads what cannot cross' {
            $module = Get-Module AsyncJobs
            await (Start-AsyncTask { Invoke-Expression '1 + 1' }) -TimeoutSec 60 | Should -Be 2
            { await (Start-AsyncTask { $ErrorActionPreference = 'Stop'; Invoke-Expression '$module' }) -TimeoutSec 60 } |
                Should -Throw '*$module*' -ErrorId 'CannotCapture*'
            await (Start-AsyncTask { Invoke-Expression '$module = 3; $module' }) -TimeoutSec 60 | Should -Be 3
            $null = $module
        }
    }

    Context 'This module' {
        It 'as a module, <Scenario>' -TestCases @(
            @{ Scenario = 'by its list'; Block = { (Get-Module).Name -eq 'AsyncJobs' }; Expected = 'AsyncJobs' }
            @{ Scenario = 'by a command of it'; Block = { (Get-Command Start-AsyncSleep).Source }; Expected = 'AsyncJobs' }
            @{ Scenario = 'by a name with the module'; Block = { (AsyncJobs\New-AsyncLock).GetType().Name }; Expected = 'AsyncLock' }
            @{ Scenario = 'by a computed name'; Block = { & ('New-Async' + 'Lock') | ForEach-Object { $_.GetType().Name } }; Expected = 'AsyncLock' }
            @{ Scenario = 'by the item of an alias'; Block = { (Get-Item alias:await).Definition }; Expected = 'Wait-AsyncTask' }
            @{ Scenario = 'by its help'; Block = { (Get-Help New-AsyncLock).Name }; Expected = 'New-AsyncLock' }
            @{ Scenario = 'by completion'; Block = { (TabExpansion2 'New-AsyncLoc').CompletionMatches.CompletionText }; Expected = 'New-AsyncLock' }
            @{ Scenario = 'by a function that awaits'; Block = { Get-Later }; Expected = 'later' }
        ) {
            function Get-Later { await (async { 'later' }) }
            $null = ${function:Get-Later}

            # A task that needs it not, before it on the same runspace.
            await (Start-AsyncTask { 1 } -OnThread) -TimeoutSec 60 | Should -Be 1
            await (Start-AsyncTask $Block -OnThread) -TimeoutSec 60 | Should -Be $Expected
        }
    }

    Context 'What cannot cross' {
        It 'is refused by name' {
            $module = Get-Module AsyncJobs
            { Start-AsyncTask { & $module { 1 } } } | Should -Throw '*$module*' -ErrorId 'CannotCapture,*'
        }

        It 'nor the $PSCmdlet of its caller, other than that of its own' {
            function Start-WithCmdlet { [CmdletBinding()] param([scriptblock] $Own) Start-AsyncTask { $PSCmdlet.ParameterSetName } }
            function Start-WithOwn { [CmdletBinding()] param() Start-AsyncTask { [CmdletBinding()] param() $PSCmdlet.ParameterSetName } }
            function Get-WithOwn { [CmdletBinding()] param() $PSCmdlet.ParameterSetName }
            function Start-Calling { [CmdletBinding()] param() Start-AsyncTask { Get-WithOwn } }
            { Start-WithCmdlet } | Should -Throw '*$PSCmdlet*' -ErrorId 'CannotCapture,*'
            await (Start-WithOwn), (Start-Calling) -TimeoutSec 60 | Should -Be '__AllParameterSets', '__AllParameterSets'
        }

        It 'does no harm where the block assigns its own' {
            $module = Get-Module AsyncJobs
            await (Start-AsyncTask { $module = 1; $module }) -TimeoutSec 60 | Should -Be 1
            $null = $module
        }
    }

    It 'says with -Verbose what that is' {
        $number = 1
        function Get-Captured { $number }
        Start-AsyncTask { Get-Captured } -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] } |
            Should -Be 'Taken along: variables $number; functions Get-Captured.'
    }
}

Describe 'Start-AsyncTask -FilePath' {
    BeforeAll {
        $file = "$TestDrive/task.ps1"
        Set-Content $file 'param($x) "$x $PSScriptRoot $PSCommandPath"; $script:own = 1; $own; $outer'
    }

    It 'runs a script that knows where it lies' {
        $outer = 'seen'
        await (Start-AsyncTask -FilePath $file -ArgumentList 5) -TimeoutSec 60 | Should -Be "5 $TestDrive $file", 1, 'seen'
        $null = $outer
    }

    It 'takes a path as PowerShell does' {
        Push-Location $TestDrive
        try {
            await (Start-AsyncTask -FilePath ./ta*.ps1) -TimeoutSec 60 | Select-Object -Skip 1 -First 1 | Should -Be 1
        }
        finally { Pop-Location }
    }

    It 'refuses <Scenario>' -TestCases @(
        @{ Scenario = 'a file that is not there'; Path = 'TestDrive:/nothing.ps1'; Id = 'FileNotFound,*' }
        @{ Scenario = 'what is no script'; Path = $PSScriptRoot; Id = 'InvalidArgument,*' }
    ) {
        { Start-AsyncTask -FilePath $Path } | Should -Throw -ErrorId $Id
    }

    It 'fails the task with the parse error of its script' {
        Set-Content "$TestDrive/broken.ps1" 'if ('
        { await (Start-AsyncTask -FilePath "$TestDrive/broken.ps1") -TimeoutSec 60 -ErrorAction Stop } | Should -Throw '*broken.ps1*'
    }

    It 'runs one task for each input object' {
        Set-Content "$TestDrive/each.ps1" '$_ * 2'
        1..3 | Start-AsyncTask -FilePath "$TestDrive/each.ps1" | await -TimeoutSec 60 | Should -Be 2, 4, 6
    }
}

Describe 'Start-AsyncTask -InitializationScript' {
    It 'runs first, and what it defines is there' {
        $number = 2
        await (Start-AsyncTask { Get-Init; $made } -InitializationScript { function Get-Init { "init $number" }; $made = 'made' }) -TimeoutSec 60 | Should -Be 'init 2', 'made'
        await (Start-AsyncTask { $made } -InitializationScript { $made = "$using:number" }) -TimeoutSec 60 | Should -Be 2
        $null = $number
    }

    It 'fails the task when it fails' {
        $task = Start-AsyncTask { 'not reached' } -InitializationScript { throw 'no start' }
        { await $task -TimeoutSec 60 } | Should -Throw 'no start'
    }
}

Describe 'Classes that BeforeAll defines' {
    BeforeAll {
        class PreparedWords : Management.Automation.IValidateSetValuesGenerator { [string[]] GetValidValues() { return 'one', 'two' } }
        class PreparedBase { [string] $Name = 'n'; static [string] Made() { return 'made' } }
        class Prepared : PreparedBase {
            [string] Say() { return "say $($this.Name)" }
            [string] Call() { return Get-PreparedName }
        }
        enum PreparedKind { Plain; Fancy }
        function Get-PreparedName { 'called' }
        function New-Prepared { [OutputType([Prepared])] param([PreparedKind] $Kind = 'Plain') [Prepared]::new() }
        function Get-PreparedWord { param([ValidateSet([PreparedWords])] $Word) "word $Word" }
        function Get-PreparedText { [CmdletBinding()] [OutputType([Prepared[]])] param([Parameter()] [Prepared] $Thing) $Thing.Say() }
    }

    It 'are known <Scenario>, in a thread task and in a coroutine' -TestCases @(
        @{ Scenario = 'by name'; Block = { [Prepared]::new().Say() }; Expected = 'say n' }
        @{ Scenario = 'by a static method of a base class'; Block = { [PreparedBase]::Made() }; Expected = 'made' }
        @{ Scenario = 'in a method that calls a function'; Block = { [Prepared]::new().Call() }; Expected = 'called' }
        @{ Scenario = 'in the attribute of a function'; Block = { (New-Prepared Fancy).Say() }; Expected = 'say n' }
        @{ Scenario = 'in a set of valid values'; Block = { Get-PreparedWord one }; Expected = 'word one' }
        @{ Scenario = 'as the type of a parameter'; Block = { Get-PreparedText ([Prepared]::new()) }; Expected = 'say n' }
        @{ Scenario = 'as an enum'; Block = { [PreparedKind]::Fancy }; Expected = 'Fancy' }
        @{ Scenario = 'in an array'; Block = { [Prepared[]]@([Prepared]::new()) | ForEach-Object Say }; Expected = 'say n' }
    ) {
        await (Start-AsyncTask -OnThread $Block) -TimeoutSec 60 | Should -Be $Expected
        1 | ForEach-Async -OnThread $Block | Should -Be $Expected
        await (Start-AsyncTask ([scriptblock]::Create("await (Start-AsyncSleep 0); $Block"))) -TimeoutSec 60 | Should -Be $Expected
    }
}
