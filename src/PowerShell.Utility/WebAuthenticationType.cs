namespace Microsoft.PowerShell.Commands;

public enum WebAuthenticationType
{
    None,
    Basic,
    Bearer,
    OAuth,
}
