namespace Microsoft.PowerShell.Commands;

public enum WebRequestMethod
{
    Default,
    Get,
    Head,
    Post,
    Put,
    Delete,
    Trace,
    Options,
    Merge,
    Patch,
}
