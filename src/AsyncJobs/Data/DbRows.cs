namespace AsyncJobs.Data;

/// <summary>Makes objects of the rows of a result.</summary>
internal static class DbRows
{
    /// <summary>What makes an object of a row's values, with a property for each column, in their order.</summary>
    public static Func<object?[], object?> Of(IReadOnlyList<string> names) => values =>
    {
        var row = new PSObject();
        PSMemberInfoCollection<PSPropertyInfo> properties = row.Properties;
        for (int i = 0; i < names.Count; i++)
        {
            properties.Add(new PSNoteProperty(names[i], values[i]), preValidated: true);
        }

        return row;
    };
}
