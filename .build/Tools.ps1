# The tools that the build needs: found, fetched in their pinned version, or named with the command that installs them.
. "$PSScriptRoot/PowerShellHost.ps1"

# Colours are for terminals; a log gets plain text.
if ([Console]::IsOutputRedirected) {
    $PSStyle.OutputRendering = 'PlainText'
}

# No welcome text at the first run of the SDK.
$env:DOTNET_NOLOGO = '1'

# Build servers make the next build faster, and outlive this one: nothing for a machine that is watched for what is left.
$buildServerSwitches = if ($env:CI) { '-nodeReuse:false', '-property:UseSharedCompilation=false' }

function Assert-DotNetSdk {
    $sdks = if (Get-Command dotnet -CommandType Application -ErrorAction Ignore) { dotnet --list-sdks }
    if (-not ($sdks | Where-Object { [int]($_ -split '\.')[0] -ge 8 })) {
        throw 'The .NET SDK 8 or later is missing. Install it from https://dotnet.microsoft.com/download or with your package manager, e.g.: winget install Microsoft.DotNet.SDK.10, brew install dotnet-sdk, apt-get install dotnet-sdk-10.0'
    }
}

# The manifest of the Pester to test with: one that is installed, or the pinned one from NuGet's package cache.
function Get-Pester {
    $installed = Get-Module -ListAvailable Pester -Verbose:$false | Where-Object Version -GE 5.9 | Sort-Object Version -Descending
    if ($installed) {
        return $installed[0].Path
    }

    $answer = Invoke-Program dotnet (@('msbuild', '.build/Pester', '-restore', '-nologo', '-verbosity:quiet', '-getTargetResult:GetPester') + $buildServerSwitches)
    (-join $answer | ConvertFrom-Json).TargetResults.GetPester.Items[0].FullPath
}

# Runs a program; a non-zero exit code ends the build.
function Invoke-Program([string] $Path, [string[]] $ArgumentList) {
    & $Path @ArgumentList
    if ($LASTEXITCODE -ne 0) {
        throw "$(Split-Path -Leaf $Path) $($ArgumentList[0]) failed with exit code $LASTEXITCODE."
    }
}

# Runs a script in a PowerShell of its own: it gets the module as it was just built, and leaves nothing in this session.
function Invoke-Pwsh([string] $Script) {
    Invoke-PowerShell -File (Convert-Path $Script) @($args | ForEach-Object { $_ })
    if ($LASTEXITCODE -ne 0) {
        throw "$Script failed with exit code $LASTEXITCODE."
    }
}

# The scripts of a folder whose name, without the ending, is like one of those given.
function Get-Script([string] $Folder, [string[]] $Name, [string] $Ending) {
    $found = @(Find-File $Folder $Name $Ending)
    if (-not $found) {
        throw "There is no $Folder/$($Name -join ', ')$Ending."
    }

    $found.FullName
}

function Find-File([string] $Folder, [string[]] $Name, [string] $Ending, [switch] $Recurse) {
    Get-ChildItem $Folder -File -Filter "*$Ending" -Recurse:$Recurse |
        Where-Object { $base = $_.Name.Substring(0, $_.Name.Length - $Ending.Length); $Name.Where({ $base -like $_ }) }
}
