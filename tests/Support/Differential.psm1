# Holds two ways of running a script block against each other: plainly, and as a coroutine.
# Differential.cs, compiled with the generator of random programs, says what is recorded of a run, and what may differ.

if (-not ('AsyncJobs.Tests.DifferentialSession' -as [type])) {
    Add-Type -Path $PSScriptRoot/Differential.cs, $PSScriptRoot/ProgramGenerator.cs -CompilerOptions '-nullable:enable' -IgnoreWarnings -WarningAction SilentlyContinue
}

$script:module = "$PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1"
$script:session = $null

function Test-CoroutineEngine {
    <# Whether the module that was built can run coroutines. #>
    (Get-Command Start-AsyncTask).Parameters.ContainsKey('OnLoop')
}

function Get-DifferentialSession {
    <# The session that all comparisons of this process share. #>
    if (-not $script:session) {
        $script:session = [AsyncJobs.Tests.DifferentialSession]::new((Resolve-Path $script:module).Path)
    }
    $script:session
}

function Remove-DifferentialSession {
    if ($script:session) { $script:session.Dispose() }
    $script:session = $null
}

function New-Program {
    param([string] $Script, [string] $Setup = '', [string] $Arguments = '', [string] $Item = '', [switch] $TakesItem, [switch] $CrLf)
    $program = [AsyncJobs.Tests.Program] @{ Script = $Script; Setup = $Setup; Arguments = $Arguments; Item = $Item; TakesItem = $TakesItem; CrLf = $CrLf }
    $program
}

function Compare-Run {
    <#
    Runs a block plainly and in each of the modes. Writes a Verdict (Alike, Different, Refused) with an Explanation.

    -Setup stands in front of the block in its file; -Arguments and -Item are expressions, for the block's arguments
    and its $_ (with -TakesItem, what would be piped to it). In the file, `later x`, `now x`, `fail m` and `failnow m` give awaitables.
    #>
    param(
        [Parameter(Mandatory)] [string] $Script,
        [string] $Setup = '',
        [string] $Arguments = '',
        [string] $Item = '',
        [switch] $TakesItem,
        [switch] $CrLf,
        [AsyncJobs.Tests.RunMode[]] $Mode = ('Coroutine', 'Interleaved')
    )
    $program = New-Program -Script $Script -Setup $Setup -Arguments $Arguments -Item $Item -TakesItem:$TakesItem -CrLf:$CrLf
    (Get-DifferentialSession).Compare($program, $Mode)
}

function Alike {
    <# A case whose block must behave alike in every mode. #>
    param([string] $Name, $Script, $Setup = '', $Arguments = '', $Item = '', [switch] $TakesItem, [switch] $CrLf)
    @{ Name = $Name; Expected = 'Alike'; Program = @{ Script = "$Script"; Setup = "$Setup"; Arguments = "$Arguments"; Item = "$Item"; TakesItem = $TakesItem; CrLf = $CrLf } }
}

function Refused {
    <# A case whose block must be refused when it starts. #>
    param([string] $Name, $Script, $Setup = '', $Arguments = '', $Item = '', [switch] $CrLf)
    @{ Name = $Name; Expected = 'Refused'; Program = @{ Script = "$Script"; Setup = "$Setup"; Arguments = "$Arguments"; Item = "$Item"; CrLf = $CrLf } }
}

function Get-DifferentialCase {
    <# The groups of cases under tests/Coroutines/Differential: one for each file, named as its first line says. #>
    foreach ($file in Get-ChildItem $PSScriptRoot/../Coroutines/Differential -Filter *.ps1) {
        $cases = @(& $file.FullName)
        @{ Group = (Get-Content $file.FullName -TotalCount 1).TrimStart('# '); File = $file.BaseName; Cases = $cases }
    }
}

Export-ModuleMember -Function *
