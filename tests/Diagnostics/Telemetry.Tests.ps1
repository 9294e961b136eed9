# What .NET's own listeners get of us, from a script.
BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Add-Type -IgnoreWarnings -WarningAction Ignore -TypeDefinition @'
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;

// Collects what a source or meter of a name tells.
public sealed class TelemetryListener : IDisposable
{
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new MeterListener();

    public TelemetryListener(string name)
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Activities.Enqueue(activity),
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == name) listener.EnableMeasurementEvents(instrument); };
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.Start();
    }

    public ConcurrentQueue<Activity> Activities { get; } = new ConcurrentQueue<Activity>();

    public ConcurrentQueue<object[]> Measurements { get; } = new ConcurrentQueue<object[]>();

    public void Ask() => _meters.RecordObservableInstruments();

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object>> tags)
    {
        var all = new Dictionary<string, object>();
        foreach (var tag in tags) all[tag.Key] = tag.Value;
        Measurements.Enqueue(new object[] { instrument.Name, instrument.Unit, value, all });
    }
}
'@

    function Get-Measurement([string] $Name) {
        foreach ($measured in $listener.Measurements.ToArray()) {
            if ($measured[0] -eq $Name) { [pscustomobject]@{ Unit = $measured[1]; Value = $measured[2]; Tags = $measured[3] } }
        }
    }
}

Describe 'The activity source and the meter AsyncJobs' {
    BeforeEach {
        $listener = [TelemetryListener]::new('AsyncJobs')
    }

    AfterEach {
        $listener.Dispose()
    }

    It 'tells an activity for each task, with its parent, place and end' {
        $outer = Start-AsyncTask -Name outer { try { await (Start-AsyncTask -Name inner { await (Start-AsyncSleep 0.01); throw 'no' }) } catch { 'caught' } }
        await $outer | Should -Be caught
        await (Start-AsyncTask -Name onThread -OnThread { await (Start-AsyncSleep 0.01 -Name nap) })
        $activities = @{}
        $listener.Activities.ToArray() | ForEach-Object { $activities[$_.OperationName] = $_ }
        $activities.outer.GetTagItem('asyncjobs.task.id') | Should -Be $outer.Id
        $activities.outer.GetTagItem('asyncjobs.task.kind') | Should -Be coroutine
        $activities.outer.GetTagItem('code.file.path') | Should -BeLike '*Telemetry.Tests.ps1'
        $activities.outer.GetTagItem('code.line.number') | Should -BeGreaterThan 1
        $activities.outer.Status | Should -Be Unset
        @($activities.outer.Events.Name)[0] | Should -Be 'asyncjobs.wait'
        $activities.inner.ParentSpanId | Should -Be $activities.outer.SpanId
        $activities.inner.Status | Should -Be Error
        $activities.inner.StatusDescription | Should -Be no
        $activities.inner.GetTagItem('error.type') | Should -BeLike '*RuntimeException'
        $activities.inner.GetTagItem('asyncjobs.task.outcome') | Should -Be failed
        $activities['Start-AsyncSleep'].ParentSpanId | Should -Be $activities.inner.SpanId
        $activities.nap.ParentSpanId | Should -Be $activities.onThread.SpanId
        [Diagnostics.Activity]::Current | Should -BeNullOrEmpty
    }

    It 'puts the tasks of a script beneath its own activity' {
        $own = [Diagnostics.Activity]::new('own').Start()
        try {
            await (Start-AsyncTask -Name child { await (Start-AsyncSleep 0) })
            [Diagnostics.Activity]::Current | Should -Be $own
        } finally {
            $own.Stop()
        }
        ($listener.Activities.ToArray() | Where-Object OperationName -EQ child).ParentSpanId | Should -Be $own.SpanId
    }

    It 'measures how long tasks took, and how they ended' {
        Start-AsyncSleep 0.02 | Wait-AsyncTask
        Wait-AsyncGather (Start-AsyncTask { await (Start-AsyncSleep 0); throw 'no' }) -ReturnExceptions | Out-Null
        $measured = @(Get-Measurement asyncjobs.task.duration)
        $measured[0].Unit | Should -Be s
        $measured[0].Value | Should -BeGreaterThan 0.01
        $measured[0].Tags.'asyncjobs.task.kind' | Should -Be io
        $measured[0].Tags.'asyncjobs.task.outcome' | Should -Be completed
        $failed = $measured | Where-Object { $_.Tags.'asyncjobs.task.outcome' -eq 'failed' }
        $failed.Tags.'asyncjobs.task.kind' | Should -Be coroutine
        $failed.Tags.'error.type' | Should -BeLike '*RuntimeException'
    }

    It 'counts tasks by kind and state, queues and threads when asked' {
        $queue = New-AsyncQueue -Name measured
        Add-AsyncQueueItem $queue 1
        Add-AsyncQueueItem $queue 2
        $future = New-Future
        $waiting = 1..3 | Start-AsyncTask { await $future }
        await (Start-AsyncTask -OnThread { 1 })
        $listener.Ask()
        $active = Get-Measurement asyncjobs.task.active | Where-Object { $_.Tags.'asyncjobs.task.kind' -eq 'coroutine' -and $_.Tags.'asyncjobs.task.state' -eq 'waiting' }
        $active.Value | Should -Be 3
        $active.Unit | Should -Be '{task}'
        (Get-Measurement asyncjobs.queue.length | Where-Object { $_.Tags.'asyncjobs.queue.name' -eq 'measured' }).Value | Should -Be 2
        $threads = Get-Measurement asyncjobs.pool.size
        $threads.Tags.'asyncjobs.pool.state' | Sort-Object | Should -Be abandoned, busy, idle
        ($threads.Value | Measure-Object -Sum).Sum | Should -BeGreaterThan 0
        @(Get-Measurement asyncjobs.loop.queue.length).Count | Should -BeGreaterThan 0
        $future.SetResult(0)
        $null = Wait-AsyncGather $waiting
    }

    It 'measures waits by what they are for' {
        $gate = New-AsyncLock
        1..2 | Start-AsyncTask { Use-AsyncLock $gate { await (Start-AsyncSleep 0.02) } } | Wait-AsyncGather | Out-Null
        $measured = Get-Measurement asyncjobs.wait.duration
        ($measured | Where-Object { $_.Tags.'asyncjobs.wait.kind' -eq 'lock' }).Value | Should -BeGreaterThan 0.01
        @($measured | Where-Object { $_.Tags.'asyncjobs.wait.kind' -eq 'task' }).Count | Should -BeGreaterThan 1
    }

    It 'measures how long callbacks wait for a loop that is held' {
        $held = Start-AsyncTask { await (Start-AsyncSleep 0); Start-Sleep -Milliseconds 60; 1 }
        $other = Start-AsyncTask { await (Start-AsyncSleep 0.01); 2 }
        $null = Wait-AsyncGather $held, $other
        (Get-Measurement asyncjobs.loop.lag).Value | Measure-Object -Maximum | ForEach-Object Maximum | Should -BeGreaterThan 0.02
    }

    It 'measures the phases of web requests' {
        $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
        try {
            Start-AsyncWebRequest "$($server.BaseUri)/status/200" | Wait-AsyncTask | Out-Null
        } finally {
            $server.Dispose()
        }
        $phases = Get-Measurement asyncjobs.http.client.phase.duration
        $phases.Tags.'asyncjobs.http.phase' | Should -Contain connect
        $phases.Tags.'asyncjobs.http.phase' | Should -Contain headers
        $phases.Unit | Select-Object -Unique | Should -Be s
    }
}
