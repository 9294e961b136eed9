# A headless Chromium, for pages: what is drawn is looked at by a script inside of the page.

function Get-Chromium {
    <# The path of a Chromium, Chrome or Edge of this machine; nothing where there is none. #>
    $found = Get-Command chromium, chromium-browser, google-chrome, google-chrome-stable, chrome, msedge -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    if ($found) { $found.Source }
}

function Invoke-Chromium {
    <# Opens a page, with nothing of a user's profile, and writes what the browser prints. #>
    param([string] $Path, [string[]] $ArgumentList, [int] $TimeoutSec = 120)
    $userData = [IO.Directory]::CreateTempSubdirectory('asyncjobs-chromium-').FullName
    $start = [Diagnostics.ProcessStartInfo]::new((Get-Chromium))
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    # Nothing that a page of ours could come out of, and a container has no other way.
    $own = '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--hide-scrollbars', '--force-device-scale-factor=1', "--user-data-dir=$userData"
    foreach ($argument in @($own) + $ArgumentList + [uri]::new((Convert-Path -LiteralPath $Path)).AbsoluteUri) {
        $start.ArgumentList.Add($argument)
    }
    try {
        $process = [Diagnostics.Process]::Start($start)
        $printed = $process.StandardOutput.ReadToEndAsync()
        $null = $process.StandardError.ReadToEndAsync()
        if (-not $process.WaitForExit($TimeoutSec * 1000)) {
            $process.Kill($true)
            throw "Chromium did not end within $TimeoutSec s."
        }
        $printed.GetAwaiter().GetResult()
    } finally {
        Remove-Item -LiteralPath $userData -Recurse -Force -ErrorAction Ignore
    }
}

# The page with a script of the caller's behind its own.
function New-DrivenPage([string] $Path, [string] $Script) {
    $driven = [IO.Path]::ChangeExtension($Path, '.driven.html')
    [IO.File]::WriteAllText($driven, [IO.File]::ReadAllText($Path).Replace('</body>', "<script>$Script</script></body>"))
    $driven
}

function Invoke-PageScript {
    <# Runs a JavaScript function body in a page, and writes what it returns. #>
    param([string] $Path, [string] $Script, [string] $Size = '1200,700', [switch] $Dark)
    $driven = New-DrivenPage $Path @"
{
  let said;
  try { said = { value: (() => { $Script })() }; } catch (e) { said = { error: String(e.stack || e) }; }
  const result = document.createElement('pre');
  result.id = 'result';
  result.textContent = encodeURIComponent(JSON.stringify(said));
  document.body.append(result);
}
"@
    $theme = $Dark ? '--blink-settings=preferredColorScheme=0' : '--blink-settings=preferredColorScheme=1'
    $page = Invoke-Chromium $driven @('--dump-dom', "--window-size=$Size", $theme)
    Remove-Item -LiteralPath $driven
    if ($page -notmatch '<pre id="result">([^<]*)</pre>') { throw 'The page said nothing.' }
    $said = [uri]::UnescapeDataString($Matches[1]) | ConvertFrom-Json
    if ($said.PSObject.Properties['error']) { throw "The page failed: $($said.error)" }
    $said.value
}

function Save-PageImage {
    <# Draws a page into a PNG file, after a script in it. #>
    param([string] $Path, [string] $Destination, [string] $Script = '', [string] $Size = '1200,700', [switch] $Dark)
    $driven = New-DrivenPage $Path $Script
    $theme = $Dark ? '--blink-settings=preferredColorScheme=0' : '--blink-settings=preferredColorScheme=1'
    $null = Invoke-Chromium $driven @("--screenshot=$Destination", "--window-size=$Size", $theme)
    Remove-Item -LiteralPath $driven
    if (-not (Test-Path -LiteralPath $Destination)) { throw "Chromium has written no $Destination." }
}

Export-ModuleMember -Function Get-Chromium, Invoke-PageScript, Save-PageImage
