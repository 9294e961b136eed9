# The module that reads and renders the pages of cmdlets, in one version: each renders in its own way. Nothing uses it but
# -Task Docs, and the test that renders anew.

$platyPS = @{ ModuleName = 'Microsoft.PowerShell.PlatyPS'; RequiredVersion = '1.0.3' }

function Find-PlatyPS {
    Get-Module -ListAvailable -FullyQualifiedName $platyPS
}

function Assert-PlatyPS {
    if (-not (Find-PlatyPS)) {
        $name, $version = $platyPS.ModuleName, $platyPS.RequiredVersion
        throw "-Task Docs needs $name $version. Install it with: Install-PSResource $name -Version $version"
    }
}

function Import-PlatyPS {
    Assert-PlatyPS
    Import-Module -FullyQualifiedName $platyPS
}
