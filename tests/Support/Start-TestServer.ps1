# Compiles the test server once per session and starts one. Dispose what this returns.
param([switch] $Tls)

if (-not ('AsyncJobs.Testing.TestServer' -as [type])) {
    Add-Type -Path $PSScriptRoot/TestServer.cs
}

if ($Tls) { [AsyncJobs.Testing.TestServer]::StartTls() } else { [AsyncJobs.Testing.TestServer]::Start() }
