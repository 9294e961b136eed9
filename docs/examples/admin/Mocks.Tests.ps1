#requires -Version 7.4 -Modules AsyncJobs, Pester

<#
.SYNOPSIS
A Pester file with mocks: tests of two of these scripts that need no server and no time.
.DESCRIPTION
Wait-Order.ps1 awaits web requests and sleeps in coroutines. Mocks work there as they are: what stands for a cmdlet that starts
a task returns a future that is done already. Get-Inventory.ps1 runs its blocks on threads, where no mock can be called; Set-AsyncLoop
-Inline has them run on the loop for the whole file.
.EXAMPLE
Invoke-Pester ./Mocks.Tests.ps1
#>
[CmdletBinding()]
param()

BeforeAll {
    Set-AsyncLoop -Inline
}

AfterAll {
    Set-AsyncLoop -Inline:$false
}

Describe 'Wait-Order' {
    BeforeAll {
        # No test waits: each sleep is over when it begins.
        Mock Start-AsyncSleep { New-Future -Result $null }
    }

    It 'asks until the order has ended, and waits longer each time' {
        $script:asked = 0
        Mock Start-AsyncRestMethod { New-Future -Result @{ status = ++$script:asked -lt 4 ? 'running' : 'succeeded' } }

        $order = & $PSScriptRoot/Wait-Order.ps1 https://api.test/orders/1 -IntervalSec 2

        $order.Status | Should -Be 'succeeded'
        Should -Invoke Start-AsyncRestMethod -Times 4 -Exactly -ParameterFilter { "$Uri" -eq 'https://api.test/orders/1' }
        Should -Invoke Start-AsyncSleep -Times 1 -Exactly -ParameterFilter { $Seconds -eq 2 }
        Should -Invoke Start-AsyncSleep -Times 1 -Exactly -ParameterFilter { $Seconds -eq 4.5 }
    }

    It 'tells what each of several orders came to' {
        Mock Start-AsyncRestMethod { New-Future -Result @{ status = 'failed' } } -ParameterFilter { "$Uri" -like '*/1' }
        Mock Start-AsyncRestMethod { New-Future -Exception ([IO.IOException]::new('no route')) } -ParameterFilter { "$Uri" -like '*/2' }

        $orders = & $PSScriptRoot/Wait-Order.ps1 https://api.test/orders/1, https://api.test/orders/2

        $orders.Status | Should -Be 'failed', 'Unknown'
        $orders[1].Error | Should -Be 'no route'
    }

    It 'gives up at the deadline' {
        # A future that nobody completes: the answer never comes.
        Mock Start-AsyncRestMethod { New-Future }

        $order = & $PSScriptRoot/Wait-Order.ps1 https://api.test/orders/1 -DeadlineSec 0.2

        $order.Status | Should -Be 'Late'
    }
}

Describe 'Get-Inventory' {
    BeforeAll {
        Import-Module $PSScriptRoot/AgentTools.psm1
    }

    It 'keeps what failed beside its computer' {
        Mock Get-AgentReport -MockWith {
            if ($Name -eq 'down') {
                throw [IO.IOException]::new('no answer')
            }

            [pscustomobject]@{ ComputerName = $Name; Cores = 4 }
        }
        Mock Export-Csv { }

        $reports = 'a', 'down', 'b' | & $PSScriptRoot/Get-Inventory.ps1 -FailurePath failed.csv -WarningAction Ignore

        $reports.ComputerName | Should -Be 'a', 'b'
        # It is tried again twice.
        Should -Invoke Get-AgentReport -Times 3 -Exactly -ParameterFilter { $Name -eq 'down' }
        Should -Invoke Export-Csv -Times 1 -Exactly -ParameterFilter {
            $InputObject.ComputerName -eq 'down' -and $InputObject.Error -eq 'no answer'
        }
    }
}
