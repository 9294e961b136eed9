# The tools that build.ps1 needs: found, installed the public way, or named with the command that installs them.

# Colours are for terminals; a log gets plain text.
if ([Console]::IsOutputRedirected) {
    $PSStyle.OutputRendering = 'PlainText'
}

# No welcome text at the first run of the SDK.
$env:DOTNET_NOLOGO = '1'

function Assert-DotNetSdk {
    $sdks = if (Get-Command dotnet -CommandType Application -ErrorAction Ignore) { dotnet --list-sdks }
    if (-not ($sdks | Where-Object { [int]($_ -split '\.')[0] -ge 8 })) {
        throw 'The .NET SDK 8 or later is missing. Install it from https://dotnet.microsoft.com/download or with your package manager, e.g.: winget install Microsoft.DotNet.SDK.8, brew install dotnet-sdk, apt-get install dotnet-sdk-8.0'
    }
}

function Assert-Module([string] $Name, [version] $MinimumVersion) {
    if (Find-InstalledModule $Name $MinimumVersion) {
        return
    }

    Write-Host "Installing $Name $MinimumVersion or later from the PowerShell Gallery, for the current user"
    try {
        Install-PSResource -Name $Name -Version "[$MinimumVersion, )" -Scope CurrentUser -TrustRepository -Quiet -WarningAction Ignore
    } catch {
        Write-Host "That did not work: $_"
    }

    if (-not (Find-InstalledModule $Name $MinimumVersion)) {
        throw "$Name $MinimumVersion or later is missing. Install it with: Install-PSResource $Name"
    }
}

function Find-InstalledModule([string] $Name, [version] $MinimumVersion) {
    Get-Module -ListAvailable $Name -Verbose:$false | Where-Object Version -GE $MinimumVersion
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
    $self = [Environment]::ProcessPath
    $pwsh = (Split-Path -LeafBase $self) -eq 'pwsh' ? $self : 'pwsh'
    Invoke-Program $pwsh (@('-NoProfile', '-NonInteractive', '-File', (Convert-Path $Script)) + @($args | ForEach-Object { $_ }))
}

# The scripts of a folder whose name, without the ending, is like one of those given.
function Get-Script([string] $Folder, [string[]] $Name, [string] $Ending) {
    $found = Get-ChildItem $Folder -File -Filter "*$Ending" |
        Where-Object { $base = $_.Name.Substring(0, $_.Name.Length - $Ending.Length); $Name.Where({ $base -like $_ }) } |
        ForEach-Object FullName
    if (-not $found) {
        throw "There is no $Folder/$($Name -join ', ')$Ending."
    }

    $found
}
