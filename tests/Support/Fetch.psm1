# The fetch of the coroutines' pages: many addresses of a test server, most good, some slow, some that fail or never answer.

# One address of each: what it is, and what fetching it should give.
function New-FetchAddress([string] $BaseUri, [int] $Count) {
    foreach ($i in 1..$Count) {
        $kind = if ($i % 100 -eq 0) { 'silent' } elseif ($i % 10 -eq 0) { 'missing' } elseif ($i % 7 -eq 0) { 'slow' } else { 'page' }
        $body = [Uri]::EscapeDataString([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes((ConvertTo-Json @{ title = "page $i" }))))
        $uri = switch ($kind) {
            silent { "$BaseUri/hang?n=$i" }
            missing { "$BaseUri/status/404?n=$i" }
            slow { "$BaseUri/send?ms=300&type=application/json&body=$body" }
            page { "$BaseUri/send?type=application/json&body=$body" }
        }
        [pscustomobject]@{ Kind = $kind; Uri = $uri; Title = "page $i" }
    }
}

# What is wrong with the results of a gather with -ReturnExceptions; nothing, if all are right.
function Get-FetchMistake($Address, $Page) {
    if ($Page.Count -ne $Address.Count) {
        return "$($Page.Count) results for $($Address.Count) addresses"
    }

    for ($i = 0; $i -lt $Address.Count; $i++) {
        $isRight = switch ($Address[$i].Kind) {
            silent { $Page[$i] -is [Exception] -and $Page[$i].Message -eq "gave up on $($Address[$i].Uri)" }
            missing { $Page[$i] -is [Exception] -and $Page[$i].Message -match '404' }
            default { $Page[$i] -ceq $Address[$i].Title }
        }
        if (-not $isRight) {
            "$($Address[$i].Kind) $i gave $($Page[$i])"
        }
    }
}

# Looks at this process's threads and handles until it is stopped, and keeps the highest.
function Start-Watch {
    if (-not ('AsyncJobs.Testing.ProcessWatch' -as [type])) {
        Add-Type @'
namespace AsyncJobs.Testing
{
    public sealed class ProcessWatch : System.IDisposable
    {
        private readonly System.Threading.Thread _thread;
        private volatile bool _isOver;

        public ProcessWatch()
        {
            Look();
            _thread = new System.Threading.Thread(() => { while (!_isOver) { Look(); System.Threading.Thread.Sleep(20); } }) { IsBackground = true };
            _thread.Start();
        }

        public int Threads { get; private set; }

        public int Handles { get; private set; }

        public static int ThreadCount() { using (var own = System.Diagnostics.Process.GetCurrentProcess()) { return own.Threads.Count; } }

        public static int HandleCount() { using (var own = System.Diagnostics.Process.GetCurrentProcess()) { return own.HandleCount; } }

        public void Dispose() { _isOver = true; _thread.Join(); }

        private void Look()
        {
            Threads = System.Math.Max(Threads, ThreadCount());
            Handles = System.Math.Max(Handles, HandleCount());
        }
    }
}
'@
    }

    [AsyncJobs.Testing.ProcessWatch]::new()
}

Export-ModuleMember -Function New-FetchAddress, Get-FetchMistake, Start-Watch
