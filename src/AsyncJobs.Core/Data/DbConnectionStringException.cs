using System.Data.Common;

namespace AsyncJobs;

/// <summary>A connection string that its provider does not take. The message has none of its values, any of which may be a secret.</summary>
public sealed class DbConnectionStringException : ArgumentException, IHasErrorId
{
    private static readonly string[] SecretWords = ["password", "pwd", "secret", "token", "key"];

    private DbConnectionStringException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "DbConnectionStringInvalid";

    /// <summary>Finds what the provider does not take. Its own message is not asked: it may have a value in it.</summary>
    internal static DbConnectionStringException For(string provider, string connectionString, Func<DbConnectionStringBuilder?> create)
    {
        var plain = new DbConnectionStringBuilder();
        try
        {
            plain.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            return new DbConnectionStringException(
                $"The connection string for {provider} is no list of key=value pairs with ; between them. A value with a ; stands in quotes.");
        }

        string? before = null;
        foreach (string key in plain.Keys)
        {
            try
            {
                if (create() is { } builder)
                {
                    builder[key] = plain[key];
                }
            }
            catch (Exception)
            {
                bool mayBeSecret = before is not null
                    && Array.Exists(SecretWords, word => before.Contains(word, StringComparison.OrdinalIgnoreCase));
                return new DbConnectionStringException(
                    mayBeSecret
                        ? $"{provider} does not take what stands behind '{before}' in the connection string. A value with a ; stands in quotes."
                        : $"{provider} has no '{key}' in its connection strings, or does not take its value.");
            }

            before = key;
        }

        return new DbConnectionStringException($"{provider} does not take the connection string as a whole.");
    }

    internal static DbConnectionStringException Empty(string provider) =>
        new($"The provider {provider} needs a connection string.");
}
