using System.Security.Authentication;

namespace Microsoft.PowerShell.Commands;

[Flags]
public enum WebSslProtocol
{
    Default = SslProtocols.None,
    Tls12 = SslProtocols.Tls12,
    Tls13 = SslProtocols.Tls13,
}
