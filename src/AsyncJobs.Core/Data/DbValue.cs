using System.Data.Common;

namespace AsyncJobs.Core.Data;

/// <summary>The value of one parameter.</summary>
/// <param name="Name">The parameter as the text has it, with what it begins with; null for one by position.</param>
/// <param name="Value">The value, or a parameter of the provider's that has it.</param>
internal readonly record struct DbValue(string? Name, object? Value)
{
    /// <summary>The parameter and the type of its value, for messages: never the value.</summary>
    public string Describe(int position) =>
        $"{Name ?? $"number {position + 1}"} ({(Value as DbParameter)?.Value?.GetType().FullName ?? Value?.GetType().FullName ?? "null"})";

    /// <summary>Adds the parameter to a command.</summary>
    public void AddTo(DbCommand command)
    {
        // A copy where there can be one, since a parameter is that of one command at a time.
        DbParameter? given = (Value as ICloneable)?.Clone() as DbParameter ?? Value as DbParameter;
        DbParameter parameter = given ?? command.CreateParameter();
        if (Name is not null && (given is null || string.IsNullOrEmpty(parameter.ParameterName)))
        {
            parameter.ParameterName = Name;
        }

        if (given is null)
        {
            parameter.Value = Value ?? DBNull.Value;
        }

        command.Parameters.Add(parameter);
    }
}
