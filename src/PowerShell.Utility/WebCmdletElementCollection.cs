using System.Collections.ObjectModel;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

public class WebCmdletElementCollection : ReadOnlyCollection<PSObject>
{
    internal WebCmdletElementCollection()
        : base([])
    {
    }
}
