using System.Data.Common;
using System.Net;

namespace AsyncJobs;

/// <summary>New-AsyncDbSource: a database that queries go to, with the pool of connections of a provider that the user brings.</summary>
[Cmdlet(VerbsCommon.New, "AsyncDbSource")]
[OutputType(typeof(AsyncDbSource))]
public sealed class NewAsyncDbSourceCommand : LoopCommand
{
    /// <summary>The provider: its assembly by name or path, a name registered with DbProviderFactories, a factory or a data source.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DbProviderCompleter))]
    public object Provider { get; set; } = null!;

    /// <summary>Where the database is and how to get in, in the provider's words; not with a data source, which has it.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? ConnectionString { get; set; }

    /// <summary>The user, where the connection string has none.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>A name for messages.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Finds the provider and writes the source. Nothing is connected yet.</summary>
    protected override void EndProcessing()
    {
        try
        {
            AsyncDbSource source = Provider.Unwrap() is DbDataSource given ? Take(given) : Make(FindFactory());
            DbSources.Of(Session).Add(source);
            WriteObject(source);
        }
        catch (Exception exception) when (exception is IHasErrorId)
        {
            // The target is never the connection string.
            ThrowTerminatingError(ErrorRecords.ForException(exception, Name));
        }
    }

    private AsyncDbSource Take(DbDataSource given)
    {
        if (ConnectionString is not null || Credential is not null)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                "A data source has its own connection string and user: -ConnectionString and -Credential go with other providers.",
                ErrorIds.InvalidArgument,
                target: null));
        }

        return new AsyncDbSource(given, isOwned: false, DbPool.SizeOf(given), Name);
    }

    private AsyncDbSource Make(DbProviderFactory factory)
    {
        string provider = factory.GetType().Namespace ?? factory.GetType().Name;
        if (ConnectionString is null)
        {
            throw DbConnectionStringException.Empty(provider);
        }

        try
        {
            DbConnectionStringBuilder settings = factory.CreateConnectionStringBuilder() ?? new DbConnectionStringBuilder();
            settings.ConnectionString = ConnectionString;
            if (Credential?.GetNetworkCredential() is NetworkCredential user)
            {
                settings["User ID"] = user.UserName;
                settings["Password"] = user.Password;
            }

            return new AsyncDbSource(factory.CreateDataSource(settings.ConnectionString), isOwned: true, DbPool.SizeOf(settings), Name);
        }
        catch (Exception exception) when (exception is not (IHasErrorId or TypeInitializationException))
        {
            throw DbConnectionStringException.For(provider, ConnectionString, factory.CreateConnectionStringBuilder);
        }
    }

    private DbProviderFactory FindFactory()
    {
        switch (Provider.Unwrap())
        {
            case DbProviderFactory factory:
                return factory;
            case Type type:
                return DbProviders.FromType(type);
            case string name when !name.AsSpan().ContainsAny('/', '\\') && !name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase):
                return DbProviders.FromName(name);
            case string path:
                FilePath found = FilePath.Literal(SessionState, path);
                if (found.Error is { } error)
                {
                    ThrowTerminatingError(error);
                }

                return DbProviders.FromFile(found.Path);
            case FileInfo file:
                return DbProviders.FromFile(file.FullName);
            case var other:
                throw new DbProviderException(
                    DbProviderException.Invalid,
                    $"A value of type {other?.GetType().FullName} is no provider: give a name, the path of a DLL, a DbProviderFactory or a DbDataSource.");
        }
    }
}
