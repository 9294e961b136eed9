using System.Reflection;
using System.Reflection.Emit;
using MethodAttributes = System.Reflection.MethodAttributes;
using TypeAttributes = System.Reflection.TypeAttributes;

namespace AsyncJobs.Errors.Replay;

/// <summary>
/// Cmdlets of ours under the names of others: an error that one writes or throws has the name of the other cmdlet, and
/// that of its class at the end of the error id.
/// </summary>
/// <typeparam name="T">The cmdlet of ours.</typeparam>
internal static class CmdletImpersonation<T>
    where T : PSCmdlet
{
    private static readonly Dictionary<string, CmdletInfo> ByType = [];

    private static readonly ModuleBuilder Module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName($"AsyncJobs.{typeof(T).Name}.Namesakes"), AssemblyBuilderAccess.Run)
        .DefineDynamicModule(typeof(T).Name);

    /// <summary>The cmdlet of ours under the name of another.</summary>
    public static CmdletInfo For(CmdletInfo cmdlet)
    {
        string name = cmdlet.ImplementingType.FullName!;
        lock (ByType)
        {
            if (!ByType.TryGetValue(name, out CmdletInfo? namesake))
            {
                ByType[name] = namesake = new CmdletInfo(cmdlet.Name, Derive(cmdlet, name));
            }

            return namesake;
        }
    }

    private static Type Derive(CmdletInfo cmdlet, string name)
    {
        TypeBuilder type = Module.DefineType(name, TypeAttributes.Public | TypeAttributes.Sealed, typeof(T));
        type.DefineDefaultConstructor(MethodAttributes.Public);
        type.SetCustomAttribute(new CustomAttributeBuilder(
            typeof(CmdletAttribute).GetConstructor([typeof(string), typeof(string)])!, [cmdlet.Verb, cmdlet.Noun]));
        return type.CreateType();
    }
}
