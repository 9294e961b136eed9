using System.Management.Automation;
using System.Reflection;
using System.Reflection.Emit;

namespace AsyncJobs;

/// <summary>
/// Resume under the names of the commands it finishes: an error that it writes has the name of the cmdlet, and that of
/// its class at the end of the error id.
/// </summary>
internal static class ResumingCommands
{
    private static readonly ModuleBuilder Module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName("AsyncJobs.Resuming"), AssemblyBuilderAccess.Run)
        .DefineDynamicModule("AsyncJobs.Resuming");

    /// <summary>Makes the one for a suspending cmdlet.</summary>
    public static CmdletInfo For(CmdletInfo cmdlet)
    {
        lock (Module)
        {
            TypeBuilder type = Module.DefineType(cmdlet.ImplementingType.FullName!, TypeAttributes.Public | TypeAttributes.Sealed, typeof(ResumeCommand));
            type.DefineDefaultConstructor(MethodAttributes.Public);
            type.SetCustomAttribute(new CustomAttributeBuilder(typeof(CmdletAttribute).GetConstructor([typeof(string), typeof(string)])!, [cmdlet.Verb, cmdlet.Noun]));
            return new CmdletInfo(cmdlet.Name, type.CreateType());
        }
    }
}
