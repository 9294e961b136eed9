# What is a block's own, in the blocks of Use-AsyncLock and its kin

Alike '$_ and $args assigned in a body' { $l = New-AsyncLock; Use-AsyncLock $l { "[$_] $($args.Count)"; $_ = 'own'; $args = 1, 2, 3; await (later 1); "[$_] $($args.Count)" }; "[$_] $($args.Count)"; Use-AsyncSemaphore (New-AsyncSemaphore 1) { await (later 1); "[$_] [$args]"; $args += 5; "$args" }; "[$args]"; Invoke-AsyncTaskGroup { $g = $_.GetType().Name; $_ = 'x'; await (later 1); "$g [$_]" }; "[$_]" } -Item "'item'" -Arguments "'a'"
Alike '$args in a body' { Use-AsyncLock (New-AsyncLock) { "[$args]"; await (later 1); $args.Count }; "$args" } -Arguments "'a', 'b'"
Alike '$_ assigned in the block and in a body' { $_ = 1; Use-AsyncLock (New-AsyncLock) { "[$_]"; $_ = 2; await (later 1); "[$_]"; Use-AsyncLock (New-AsyncLock) { "[$_]"; $_ = 3; await (later 1); "[$_]" }; "[$_]" }; "[$_]" }
Alike '$MyInvocation in a body' { $l = New-AsyncLock
    Use-AsyncLock $l { $m = $MyInvocation; await (later 1); "$($m.InvocationName)|$($m.ScriptLineNumber)|$($m.OffsetInLine)|$($m.Line.Trim())|$($m.MyCommand.ToString().Trim())|$($m.PipelineLength)" }
    $MyInvocation.InvocationName.Length }
Alike 'a record of Write-Error in a body' {
    Use-AsyncLock (New-AsyncLock) { await (later 1); Write-Error 'bad' -ErrorAction SilentlyContinue }
    $Error[0].InvocationInfo.Line.Trim(); $Error[0].InvocationInfo.OffsetInLine }
