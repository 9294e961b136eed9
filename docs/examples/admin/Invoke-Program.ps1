#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Runs a program once for each input, so many at once, each within a time limit, and tells how each one ended.
.DESCRIPTION
Writes an object for each run: input, exit code, output and error text. A run that takes too long is ended, and has no exit
code. A code other than 0 is no error here: what it means is for the caller to say.
.PARAMETER FilePath
The program.
.PARAMETER ArgumentList
Its arguments; {0} in one of them stands for the input.
.PARAMETER InputObject
The inputs.
.PARAMETER ThrottleLimit
How many run at once.
.PARAMETER TimeoutSec
How long each may take.
.EXAMPLE
Get-ChildItem *.mkv | ./Invoke-Program.ps1 ffprobe '-v', 'error', '{0}' -ThrottleLimit 4 -TimeoutSec 60 | Where-Object ExitCode -NE 0
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $FilePath,
    [Parameter(Mandatory, Position = 1)] [AllowEmptyString()] [string[]] $ArgumentList,
    [Parameter(Mandatory, ValueFromPipeline)] [object] $InputObject,
    [ValidateRange(1, 100)] [int] $ThrottleLimit = [Environment]::ProcessorCount,
    [ValidateRange(0.1, 86400)] [double] $TimeoutSec = 300
)

begin {
    $inputs = [Collections.Generic.List[object]]::new()
    $PSNativeCommandUseErrorActionPreference = $false
}
process {
    $inputs.Add($InputObject)
}
end {
    $number = 0
    $inputs |
        Start-AsyncProcess $FilePath { $ArgumentList.Replace('{0}', "$_") } -Raw -ThrottleLimit $ThrottleLimit -TimeoutSec $TimeoutSec |
        Wait-AsyncGather -ReturnExceptions |
        ForEach-Object {
            $failure = $_ -as [Exception]
            [pscustomobject]@{
                Input     = $inputs[$number++]
                ExitCode  = $_.ExitCode
                TimedOut  = $failure -is [TimeoutException]
                Output    = $_.Output
                ErrorText = $failure ? $failure.Message : $_.Error
            }
        }
}
