# What is drawn, in a browser without a window.
BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/Chromium.psm1
    $script:noBrowser = -not (Get-Chromium)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Chromium.psm1
    . $PSScriptRoot/../../.build/PowerShellHost.ps1

    # Functions for the scripts in the page: a pointer or a key at a place of the lanes, and the colours of a span.
    $helpers = @'
const canvas = document.getElementById('lanes'), hover = document.getElementById('hover'), said = document.getElementById('said');
const laneNamed = name => asyncTrace.lanes().find(l => l.name === name);
const at = (type, x, y, more) => {
  const box = canvas.getBoundingClientRect();
  canvas.dispatchEvent(new (type === 'wheel' ? WheelEvent : PointerEvent)(type, { clientX: box.left + x, clientY: box.top + y, bubbles: true, cancelable: true, pointerId: 1, ...more }));
};
canvas.setPointerCapture = () => {};
const key = (name, target = canvas) => target.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
const middle = s => [(Math.max(s.left, 0) + s.right) / 2, (s.top + s.bottom) / 2];
const hex = (r, g, b) => '#' + [r, g, b].map(v => v.toString(16).padStart(2, '0')).join('');
const colorsOf = s => {
  const left = Math.ceil(s.left), wide = Math.floor(s.right) - left - 1;
  const pixels = canvas.getContext('2d').getImageData(left, Math.ceil(s.top), Math.max(1, wide), Math.floor(s.bottom - s.top) - 1).data, seen = {};
  for (let i = 0; i < pixels.length; i += 4) { const c = hex(pixels[i], pixels[i + 1], pixels[i + 2]); seen[c] = (seen[c] || 0) + 1; }
  return seen;
};
asyncTrace.draw();
'@
    function Invoke-TracePage([string] $Path, [string] $Script, [switch] $Dark) {
        Invoke-PageScript $Path "$helpers`n$Script" -Dark:$Dark
    }
}

Describe 'The page of the demo' -Skip:$noBrowser {
    BeforeAll {
        # As build.ps1 -Task Demo does it, on a smaller scale.
        $demo = Join-Path $TestDrive demo.html
        $null = Invoke-PowerShell -File $PSScriptRoot/../../.build/Demo.ps1 -PageCount 60 -ThrottleLimit 20 -TracePath $demo
    }

    It 'is one file that needs no other' {
        $text = [IO.File]::ReadAllText($demo)
        $text | Should -Not -Match '(src|href)\s*='
        $text | Should -Not -Match '@import|url\(|fetch\(|XMLHttpRequest'
        $text | Should -BeLike "*default-src 'none'*"
    }

    It 'has a lane for each task, with its states and its end' {
        $said = Invoke-TracePage $demo @'
const lanes = asyncTrace.lanes();
return {
  count: lanes.length, summary: document.getElementById('summary').textContent, fetches: lanes.filter(l => l.input.startsWith('http://localhost:')).length,
  failed: lanes.filter(l => l.outcome === 'failed').length, indexers: lanes.filter(l => l.name === 'indexer').map(l => l.kind),
  states: [...new Set(lanes.flatMap(l => asyncTrace.spans(l.id).map(s => s.state)))],
  locks: lanes.filter(l => l.name === 'indexer').flatMap(l => asyncTrace.spans(l.id)).filter(s => s.state === 'lock').map(s => s.what),
  rows: asyncTrace.rectangles, legend: [...document.querySelectorAll('#legend li')].map(l => l.textContent),
};
'@
        $said.fetches | Should -Be 60
        $said.failed | Should -BeGreaterThan 3
        $said.indexers | Should -Be (@('Coroutine') * 4)
        $said.states | Should -Contain 'queued'
        $said.states | Should -Contain 'I/O'
        $said.states | Should -Contain 'on the loop'
        $said.states | Should -Contain 'awaits'
        $said.states | Should -Contain 'lock'
        $said.locks[0] | Should -BeLike "AsyncLock 'index'*"
        $said.summary | Should -Match '^\d+ tasks, '
        $said.count | Should -BeGreaterThan ([int]($said.summary -replace ' .*'))
        $said.rows | Should -BeGreaterThan 10
        $said.legend | Should -Contain 'queued'
    }
}

Describe 'A page' -Skip:$noBrowser {
    BeforeAll {
        $gate = New-AsyncLock -Name gate
        $page = Join-Path $TestDrive page.html
        Start-AsyncTrace
        $tasks = @(
            1..2 | Start-AsyncTask -Name locked { Use-AsyncLock $gate { await (Start-AsyncSleep 0.2) } }
            Start-AsyncTask -Name threaded { Start-Sleep -Milliseconds 300 } -OnThread
            'a </script><b>&' | Start-AsyncTask -Name "odd`u{2028}</script>" { await (Start-AsyncSleep 0.05); throw "bad </script> $([char]0xD800) `u{1F600}" }
            Start-AsyncTask -Name busy { $end = [DateTime]::UtcNow.AddMilliseconds(120); while ([DateTime]::UtcNow -lt $end) { } await (Start-AsyncSleep 0) }
            Start-AsyncTask -Name stopped { await (New-Future -Name never) }
        )
        await (Start-AsyncSleep 0.3)
        Stop-AsyncTask $tasks[-1]
        $null = $tasks | Wait-AsyncGather -ReturnExceptions
        Stop-AsyncTrace $page
        # By name: the task's number.
        $second = $tasks[1].Id
    }

    It 'draws each state in its colour<mode>' -TestCases @(@{ mode = ''; dark = $false }, @{ mode = ', also on dark'; dark = $true }) {
        $said = Invoke-TracePage $page -Dark:$dark @'
const seen = [];
for (const l of asyncTrace.lanes()) {
  for (const s of asyncTrace.spans(l.id)) {
    const state = asyncTrace.states.find(k => k.name === s.state);
    if (s.right - s.left >= 12) {
      const colors = colorsOf(s), all = Object.values(colors).reduce((a, b) => a + b, 0);
      seen.push({ lane: l.name, state: s.state, share: (colors[state.color] || 0) / all, others: Object.keys(colors).length, hatched: state.pattern !== '' });
    }
  }
}
return { seen, background: getComputedStyle(document.body).backgroundColor };
'@
        $said.background | Should -Be ($dark ? 'rgb(21, 23, 28)' : 'rgb(255, 255, 255)')
        foreach ($span in $said.seen) {
            $span.share | Should -BeGreaterThan 0.3 -Because "$($span.lane) $($span.state) is drawn in its colour"
        }
        $said.seen.state | Should -Contain 'lock'
        $said.seen.state | Should -Contain 'on a thread'
        $said.seen.state | Should -Contain 'on the loop'
        $said.seen.state | Should -Contain 'awaits'
        $said.seen | Where-Object hatched | ForEach-Object { $_.others | Should -BeGreaterThan 1 -Because "$($_.state) is hatched" }
    }

    It 'tells under the pointer what a span is, with line and input' {
        $said = Invoke-TracePage $page @"
const lock = asyncTrace.spans($second).find(s => s.state === 'lock');
at('pointermove', ...middle(lock));
const over = { hidden: hover.hidden, text: hover.textContent };
const odd = asyncTrace.lanes().find(l => l.outcome === 'failed');
at('pointermove', ...middle(asyncTrace.spans(odd.id)[0]));
return { over, odd: hover.textContent, scripts: document.querySelectorAll('#hover script, #hover b').length, name: odd.name };
"@
        $said.over.hidden | Should -BeFalse
        $said.over.text | Should -BeLike "waits for AsyncLock 'gate', held by locked (task $($tasks[0].Id))*at *Trace.Page.Tests.ps1:* in Use-AsyncLock*locked for 2 (Coroutine task $second)*"
        $said.odd | Should -BeLike "*for a </script><b>& (*failed after*bad </script>*`u{1F600}*"
        $said.name | Should -Be "odd`u{2028}</script>"
        $said.scripts | Should -Be 0
    }

    It 'has its hover follow what is drawn' {
        $said = Invoke-TracePage $page @'
const wrong = [];
let looked = 0;
for (const l of asyncTrace.lanes()) {
  for (const s of asyncTrace.spans(l.id)) {
    if (s.right - s.left >= 3 && s.bottom < canvas.clientHeight) {
      at('pointermove', ...middle(s));
      looked++;
      const lead = asyncTrace.states.find(k => k.name === s.state).lead;
      if (!(hover.textContent.startsWith(lead) || l.id < 0) || !hover.textContent.includes(s.what)) { wrong.push([l.name, s.state, hover.textContent]); }
    }
  }
}
at('pointermove', 600, 5);
return { looked, wrong, overAxis: hover.hidden };
'@
        $said.looked | Should -BeGreaterThan 8
        $said.wrong | Should -BeNullOrEmpty
        $said.overAxis | Should -BeTrue
    }

    It 'is gone through by keys' {
        $said = Invoke-TracePage $page @'
const texts = [];
const press = (...names) => { names.forEach(n => key(n)); texts.push(said.textContent); };
canvas.focus();
press('ArrowDown');
press('ArrowDown');
press('ArrowRight');
press('ArrowRight');
press('ArrowLeft');
press('End');
press('Home');
const before = asyncTrace.view.to - asyncTrace.view.from;
key('ArrowDown'); key('Enter');
const zoomed = asyncTrace.view.to - asyncTrace.view.from;
key('0');
key('Escape');
return { texts, zoomed: zoomed < before, all: asyncTrace.view.to - asyncTrace.view.from === before, none: said.textContent, focused: document.activeElement === canvas, live: said.getAttribute('aria-live') };
'@
        $said.texts[0] | Should -BeLike '*script of runspace*'
        $said.texts[1] | Should -BeLike '*locked for 1*'
        $said.texts[2] | Should -Not -Be $said.texts[1]
        $said.texts[4] | Should -Be $said.texts[2]
        $said.texts[6] | Should -BeLike '*script of runspace*'
        $said.zoomed | Should -BeTrue
        $said.all | Should -BeTrue
        $said.none | Should -BeLike 'Nothing is selected*'
        $said.focused | Should -BeTrue
        $said.live | Should -Be polite
    }

    It 'zooms by wheel and pans by dragging' {
        $said = Invoke-TracePage $page @'
const wide = () => asyncTrace.view.to - asyncTrace.view.from, all = wide();
at('wheel', 700, 100, { deltaY: -300, ctrlKey: true });
const zoomed = wide(), from = asyncTrace.view.from;
at('pointerdown', 700, 100); at('pointermove', 600, 100); at('pointerup', 600, 100);
const dragged = asyncTrace.view.from;
at('wheel', 700, 100, { deltaY: 100, shiftKey: true });
const panned = asyncTrace.view.from;
at('wheel', 700, 100, { deltaY: 30000, ctrlKey: true });
at('wheel', 700, 100, { deltaY: 30000, ctrlKey: true });
at('wheel', 700, 100, { deltaY: 30000, ctrlKey: true });
return { all, zoomed, moved: dragged - from, panned: panned - dragged, back: wide() };
'@
        $said.zoomed | Should -BeLessThan ($said.all / 2)
        $said.moved | Should -BeGreaterThan 0
        $said.panned | Should -BeGreaterThan 0
        $said.back | Should -Be $said.all
    }

    It 'finds lanes by their words, and goes to those that a wait speaks of' {
        $said = Invoke-TracePage $page @"
const search = document.getElementById('search');
const type = text => { search.value = text; search.dispatchEvent(new Event('input')); return document.getElementById('matches').textContent; };
const found = [type('HELD BY locked'), type('locked'), type('no such thing'), type('threaded')];
key('Enter', search);
const selected = said.textContent;
document.getElementById('only').click();
const shown = asyncTrace.lanes().map(l => l.name);
type('');
asyncTrace.select($second, asyncTrace.spans($second).findIndex(s => s.state === 'lock'));
const links = [...document.querySelectorAll('#links button')];
links[0].click();
return { found, selected, shown, link: links[0].textContent, went: said.textContent };
"@
        $said.found | Should -Be '1 lane', '2 lanes', '0 lanes', '1 lane'
        $said.selected | Should -BeLike '*threaded (Thread task*'
        $said.shown | Should -Be 'threaded'
        $said.link | Should -Be "Go to locked (task $($tasks[0].Id))"
        $said.went | Should -BeLike "*locked for 1 (Coroutine task $($tasks[0].Id))*"
    }
}

Describe 'A page of a hundred thousand spans' -Skip:$noBrowser {
    BeforeAll {
        $large = Join-Path $TestDrive large.html
        Start-AsyncTrace
        $null = 1..8000 | Start-AsyncTask -Name many { await (Start-AsyncSleep 0); await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather
        # And one with many spans of its own.
        await (Start-AsyncTask -Name long { foreach ($i in 1..5000) { await (Start-AsyncSleep 0) } })
        $trace = Stop-AsyncTrace $large -PassThru
    }

    It 'draws only what is to be seen' {
        $trace.SpanCount | Should -BeGreaterThan 100000
        $said = Invoke-TracePage $large @'
const long = laneNamed('long'), count = asyncTrace.spans(long.id).length;
const order = document.getElementById('order');
order.value = 'name'; order.dispatchEvent(new Event('change'));
const draw = () => { const begin = performance.now(); asyncTrace.draw(); return { time: performance.now() - begin, rectangles: asyncTrace.rectangles }; };
const all = draw();
document.getElementById('scroll').scrollTop = 3000 * 22;
const below = draw();
const begin = performance.now();
const search = document.getElementById('search');
search.value = 'long'; search.dispatchEvent(new Event('input'));
const found = performance.now() - begin, matches = document.getElementById('matches').textContent;
return { all, below, count, width: canvas.clientWidth, height: canvas.clientHeight, found, matches, lanes: asyncTrace.lanes().length };
'@
        # A rectangle for a pixel of a lane at most.
        $lanes = [Math]::Ceiling($said.height / 22) + 1
        $said.count | Should -BeGreaterThan $said.width
        foreach ($drawing in $said.all, $said.below) {
            $drawing.rectangles | Should -BeGreaterThan 0
            $drawing.rectangles | Should -BeLessThan ($lanes * $said.width)
            # A bug takes seconds.
            $drawing.time | Should -BeLessThan 2000
        }
        $said.matches | Should -Be '2 lanes' -Because 'the script awaits it'
        $said.found | Should -BeLessThan 20000
    }
}
