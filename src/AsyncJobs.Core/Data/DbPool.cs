using System.Data.Common;
using System.Globalization;
using System.Reflection;

namespace AsyncJobs.Core.Data;

/// <summary>What providers have in common of their pools, though no type of .NET says so.</summary>
internal static class DbPool
{
    private static readonly string[] SizeKeys = ["Maximum Pool Size", "Max Pool Size", "MaxPoolSize"];

    /// <summary>The most connections of a pool; null where the provider has none.</summary>
    public static int? SizeOf(DbConnectionStringBuilder? settings)
    {
        foreach (string key in SizeKeys)
        {
            if (settings is not null && settings.ContainsKey(key) && settings.TryGetValue(key, out object? size))
            {
                bool isPooled = !settings.TryGetValue("Pooling", out object? pooling) || Convert.ToBoolean(pooling, CultureInfo.InvariantCulture);
                return isPooled ? Math.Max(1, Convert.ToInt32(size, CultureInfo.InvariantCulture)) : int.MaxValue;
            }
        }

        return null;
    }

    /// <summary>The most connections of the pool of a data source; null where its provider has none.</summary>
    public static int? SizeOf(DbDataSource source)
    {
        using DbConnection connection = source.CreateConnection();
        DbConnectionStringBuilder? settings = DbProviderFactories.GetFactory(connection)?.CreateConnectionStringBuilder();
        if (settings is not null)
        {
            settings.ConnectionString = source.ConnectionString;
        }

        return SizeOf(settings);
    }

    /// <summary>Closes the idle connections of the pool of a provider that keeps it apart from its data sources.</summary>
    public static void Clear(DbConnection connection)
    {
        try
        {
            connection.GetType()
                .GetMethod("ClearPool", BindingFlags.Public | BindingFlags.Static, [connection.GetType()])?
                .Invoke(null, [connection]);
            connection.Dispose();
        }
        catch (Exception exception) when (exception is TargetInvocationException or ObjectDisposedException or InvalidOperationException)
        {
            // A data source that had the pool has closed it.
        }
    }
}
