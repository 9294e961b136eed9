using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;

namespace AsyncJobs.Core.Data;

/// <summary>Finds the factory of a provider that the user brings.</summary>
internal static class DbProviders
{
    // One for each path: a provider that is loaded twice would have two pools.
    private static readonly ConcurrentDictionary<string, Lazy<Assembly>> Loaded = new();

    /// <summary>The factory of an assembly file.</summary>
    /// <exception cref="DbProviderException">There is no such file, or no provider in it.</exception>
    public static DbProviderFactory FromFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new DbProviderException(DbProviderException.NotFound, $"There is no provider's assembly '{path}'.");
        }

        try
        {
            Lazy<Assembly> assembly = Loaded.GetOrAdd(path, static key => new(() => new DbProviderContext(key).LoadProvider(key)));
            return FromAssembly(assembly.Value);
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException)
        {
            throw new DbProviderException(DbProviderException.Invalid, $"'{path}' cannot be loaded: {exception.Message}", exception);
        }
    }

    /// <summary>The factory of a name: registered with <see cref="DbProviderFactories"/>, or an assembly's.</summary>
    /// <exception cref="DbProviderException">There is no such provider.</exception>
    public static DbProviderFactory FromName(string name)
    {
        if (DbProviderFactories.TryGetFactory(name, out DbProviderFactory? registered))
        {
            return registered;
        }

        Assembly? assembly = Array.Find(
            AppDomain.CurrentDomain.GetAssemblies(),
            loaded => string.Equals(loaded.GetName().Name, name, StringComparison.OrdinalIgnoreCase));
        try
        {
            return FromAssembly(assembly ?? Assembly.Load(new AssemblyName(name)));
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or ArgumentException)
        {
            throw new DbProviderException(
                DbProviderException.NotFound,
                $"There is no provider '{name}': it is not registered with DbProviderFactories, and no assembly of that name is loaded or "
                + "found. Give the path of its DLL, or its factory, such as [Npgsql.NpgsqlFactory]::Instance.",
                exception);
        }
    }

    /// <summary>The factory that a type of factories has.</summary>
    /// <exception cref="DbProviderException">The type is no such type.</exception>
    public static DbProviderFactory FromType(Type type) => InstanceOf(type) ?? throw new DbProviderException(
        DbProviderException.Invalid, $"{type.FullName} is no DbProviderFactory with a public static Instance.");

    private static DbProviderFactory FromAssembly(Assembly assembly)
    {
        DbProviderFactory[] factories;
        try
        {
            factories = [.. assembly.GetExportedTypes().Select(InstanceOf).OfType<DbProviderFactory>()];
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException or TypeLoadException or TargetInvocationException)
        {
            throw new DbProviderException(
                DbProviderException.Invalid, $"The provider {assembly.GetName().Name} cannot be loaded: {Cause(exception).Message}", exception);
        }

        return factories.Length == 1 ? factories[0] : throw new DbProviderException(
            DbProviderException.Invalid,
            factories.Length == 0
                ? $"The assembly {assembly.GetName().Name} has no provider: no DbProviderFactory with a public static Instance."
                : $"The assembly {assembly.GetName().Name} has several providers; give the Instance of one of them: "
                    + $"{string.Join(", ", factories.Select(static factory => factory.GetType().FullName))}.");
    }

    private static DbProviderFactory? InstanceOf(Type type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Static;
        return !type.IsSubclassOf(typeof(DbProviderFactory)) || type.IsAbstract ? null
            : (type.GetField("Instance", Own)?.GetValue(null) ?? type.GetProperty("Instance", Own)?.GetValue(null)) as DbProviderFactory;
    }

    private static Exception Cause(Exception exception) => exception is TargetInvocationException { InnerException: { } inner } ? Cause(inner)
        : exception is TypeInitializationException { InnerException: { } cause } ? Cause(cause) : exception;
}
