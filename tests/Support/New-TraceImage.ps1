<#
Draws docs/images/trace.png and trace-dark.png from the page that the demo has made: run "./build.ps1 -Task Demo" first. Needs a
Chromium, Chrome or Edge.
#>
param([string] $Path = "$PSScriptRoot/../../output/demo-trace.html", [string] $Folder = "$PSScriptRoot/../../docs/images")

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
Import-Module "$PSScriptRoot/Chromium.psm1"
$null = New-Item -ItemType Directory -Force $Folder

# Where the coroutines are: queue, lock, files.
$script = @'
const lanes = asyncTrace.lanes(), first = lanes.find(l => l.name === 'indexer'), spans = asyncTrace.spans(first.id);

const range = id => { const s = asyncTrace.spans(id); return [s[0].left, s[s.length - 1].right]; };
const [left, right] = range(first.id), box = document.getElementById('lanes'), gutter = Math.min(240, Math.max(90, Math.round(box.clientWidth * 0.2)));
const at = px => asyncTrace.view.from + (px - gutter) / (box.clientWidth - gutter) * (asyncTrace.view.to - asyncTrace.view.from);
const from = at(left), to = at(right);
asyncTrace.look(from - (to - from) * 0.02, from + (to - from) * 0.45);
const lock = asyncTrace.spans(first.id).findIndex(s => s.state === 'lock' && s.what.includes('held by'));
asyncTrace.select(lanes[lanes.length - 1].id, 0);
asyncTrace.select(first.id, Math.max(0, lock));
document.getElementById('scroll').scrollTop = Math.max(0, lanes.indexOf(first) - 1) * 22;
'@
# The paths in it are those of the machine: of no use to a reader.
$root = Split-Path (Split-Path $PSScriptRoot)
$page = Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-image-$PID.html"
[IO.File]::WriteAllText($page, [IO.File]::ReadAllText((Convert-Path $Path)).Replace("$root/.build/", ''))
foreach ($name in 'trace', 'trace-dark') {
    Save-PageImage $page (Join-Path (Convert-Path $Folder) "$name.png") -Script $script -Size '1200,640' -Dark:($name -eq 'trace-dark')
}
Remove-Item $page
