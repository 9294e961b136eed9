using System.Data;
using System.Data.Common;

namespace AsyncJobs.Core.Data;

/// <summary>The columns of a result and the values of its rows.</summary>
internal static class DbColumns
{
    /// <summary>
    /// The columns' names, each once, by the rule of <see cref="DataTable"/>: one that is there already gets a number, and one without
    /// a name is Column with its number.
    /// </summary>
    public static string[] NamesOf(DbDataReader reader)
    {
        string[] names = new string[reader.FieldCount];
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < names.Length; i++)
        {
            string name = reader.GetName(i);
            bool hasName = !string.IsNullOrEmpty(name);
            names[i] = hasName ? name : $"Column{i + 1}";
            for (int number = 1; !taken.Add(names[i]); number++)
            {
                names[i] = hasName ? $"{name}{number}" : $"Column{i + 1}_{number}";
            }
        }

        return names;
    }

    /// <summary>The values of the current row, with null for what has none.</summary>
    public static object?[] Read(DbDataReader reader, object?[] values)
    {
        reader.GetValues(values!);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = values[i] is DBNull ? null : values[i];
        }

        return values;
    }

    /// <summary>A table of rows. A column whose values are of other types than it says, as those of SQLite may be, takes any.</summary>
    public static DataTable TableOf(string[] names, Type[] types, List<object?[]> rows)
    {
        var table = new DataTable();
        for (int i = 0; i < names.Length; i++)
        {
            int column = i;
            bool fits = rows.TrueForAll(row => row[column] is null || types[column].IsInstanceOfType(row[column]));
            table.Columns.Add(names[i], fits ? types[i] : typeof(object));
        }

        table.BeginLoadData();
        rows.ForEach(row => table.LoadDataRow(Array.ConvertAll(row, static value => value ?? DBNull.Value), fAcceptChanges: true));
        table.EndLoadData();
        return table;
    }
}
