# Networks of the tests' own, where silent hosts are silent and nothing leaves the machine.

Import-Module $PSScriptRoot/OwnProcess.psm1

# 127.0.0.0/8 answers; 10.9.0.0/16 is silent, since what is sent there comes back and is nobody's; 10.8.0.0/16 is out of reach.
$script:setup = @'
set -e
ip link set lo up
ip route add 10.9.0.0/16 dev lo src 127.0.0.1
ip route add unreachable 10.8.0.0/16
echo 8192 > /proc/sys/net/core/somaxconn
'@

# The system's resolver asks this machine alone, where a test may have a server on port 53.
$script:resolver = @'
mount -t tmpfs tmpfs "$FOLDER"
echo 'nameserver 127.0.0.1' > "$FOLDER/resolv"
mount --bind "$FOLDER/resolv" /etc/resolv.conf
echo 'hosts: files dns' > "$FOLDER/nsswitch"
if [ -e /etc/nsswitch.conf ]; then mount --bind "$FOLDER/nsswitch" /etc/nsswitch.conf; fi
'@

# Behind a router, 10.1.0.2, and a link that carries 1300 bytes there is 10.2.0.2.
$script:route = @'
mount -t tmpfs tmpfs /run
ip netns add router
ip netns add host
ip link add left type veth peer name right netns router
ip -n router link add left2 type veth peer name right2 netns host
ip addr add 10.1.0.1/24 dev left
ip link set left up
ip -n router addr add 10.1.0.2/24 dev right
ip -n router link set right up
ip -n router addr add 10.2.0.1/24 dev left2
ip -n router link set left2 up mtu 1300
ip -n host addr add 10.2.0.2/24 dev right2
ip -n host link set right2 up
ip netns exec router sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/icmp_ratelimit'
ip route add default via 10.1.0.2
ip -n host route add default via 10.2.0.1
'@

function Get-NetworkNamespaceLack {
    <# Why there can be none here; nothing where there can. #>
    if (-not $IsLinux) { return 'only Linux has network namespaces' }
    if (-not (Get-Command unshare, ip, mount -CommandType Application -ErrorAction Ignore).Count -eq 3) {
        return 'they need unshare, mount and ip: apt-get install util-linux mount iproute2'
    }

    unshare --net --mount sh -c 'ip link set lo up' 2>$null
    if ($LASTEXITCODE -ne 0) { 'this user may make no network namespace' }
}

function Invoke-InNetworkNamespace {
    <#
    Runs a script with the module in a process and a network of its own, as Invoke-InOwnProcess does. With -Resolver the system
    asks a name server on 127.0.0.1; with -Route there are hosts behind a router; -Drop takes a capability from the process.
    #>
    param([string] $Script, [string] $Before = '', [int] $TimeoutSec = 60, [switch] $Resolver, [switch] $Route, [string] $Drop)
    $folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-net-$(New-Guid)")
    $shell = @(
        "FOLDER='$($folder.FullName)'"
        $script:setup
        $Resolver ? $script:resolver : ''
        $Route ? $script:route : ''
        "echo '0 2147483647' > /proc/sys/net/ipv4/ping_group_range"
        $Drop ? "exec setpriv --bounding-set=-$Drop --inh-caps=-$Drop `"`$@`"" : 'exec "$@"'
    ) -join "`n"
    try {
        Invoke-InOwnProcess $Script -Before $Before -TimeoutSec $TimeoutSec -Within 'unshare', '--net', '--mount', 'sh', '-c', $shell, 'sh'
    }
    finally {
        Remove-Item $folder
    }
}

Export-ModuleMember -Function Get-NetworkNamespaceLack, Invoke-InNetworkNamespace
