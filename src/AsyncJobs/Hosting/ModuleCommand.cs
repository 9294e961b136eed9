using System.Reflection;

namespace AsyncJobs.Hosting;

/// <summary>A cmdlet of the module.</summary>
/// <param name="Type">The cmdlet's class.</param>
/// <param name="Name">The cmdlet's name.</param>
internal sealed record ModuleCommand(Type Type, string Name)
{
    public IEnumerable<string> Aliases => Type.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? [];
}
