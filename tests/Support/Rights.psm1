# What a file's mode lets whom do, and the umask of this process.

Add-Type -Namespace AsyncJobsTests -Name Umask -MemberDefinition @'
[DllImport("libc", EntryPoint = "umask")]
public static extern uint Set(uint mask);
'@

function Get-Rights {
    <# Mode, owner and group of a file or folder, as in '4755 1000:1000'. #>
    param([string] $Path)
    $status = (Get-Item -LiteralPath $Path -Force).UnixStat
    '{0} {1}:{2}' -f [Convert]::ToString([int][IO.File]::GetUnixFileMode($Path), 8), $status.UserId, $status.GroupId
}

function Get-ExcessMode {
    <# What the mode of a file or folder has beyond another mode, octal; '0' if nothing. #>
    param([string] $Path, [string] $Mode)
    [Convert]::ToString([int][IO.File]::GetUnixFileMode($Path) -band -bnot [Convert]::ToInt32($Mode, 8), 8)
}

function Invoke-WithUmask {
    <# Runs a block under another umask, which is the whole process's meanwhile. #>
    param([string] $Umask, [scriptblock] $Block)
    $before = [AsyncJobsTests.Umask]::Set([Convert]::ToUInt32($Umask, 8))
    try { & $Block } finally { $null = [AsyncJobsTests.Umask]::Set($before) }
}

Export-ModuleMember -Function Get-Rights, Get-ExcessMode, Invoke-WithUmask
