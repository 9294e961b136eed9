namespace AsyncJobs.Core.Data;

/// <summary>What is asked of a database.</summary>
internal sealed record DbQuery
{
    public required string Sql { get; init; }

    /// <summary>The text's parameters, for messages.</summary>
    public required DbPlaceholders Placeholders { get; init; }

    public IReadOnlyList<DbValue> Parameters { get; init; } = [];

    public DbResultKind As { get; init; }

    /// <summary>Whether the rows come as a stream.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>How long the whole may take, or with a stream its beginning and then each read; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Makes of the names of a result's columns what makes its rows of their values.</summary>
    public required Func<IReadOnlyList<string>, Func<object?[], object?>> MakeRows { get; init; }
}
