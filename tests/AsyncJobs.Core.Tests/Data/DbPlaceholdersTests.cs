namespace AsyncJobs.Core.Tests.Data;

public sealed class DbPlaceholdersTests
{
    [Theory]
    [InlineData("select @id, :name, $other", "@id", ":name", "$other")]
    [InlineData("select @id + @ID + @Id", "@id")]
    [InlineData("select '@no', \"@no\", `@no`, [no] -- @no", new string[0])]
    [InlineData("select 'it''s @no' /* @no\n@no */ where x = @yes", "@yes")]
    [InlineData("select x::int, @@rowcount, a@b from t", new string[0])]
    [InlineData("do $$ begin perform @no; end $$", new string[0])]
    [InlineData("select $tag$ @no $1 $tag$, @yes", "@yes")]
    [InlineData("select a[@i], a[:j]", "@i", ":j")]
    [InlineData("insert into t values(@ä, @x_1)", "@ä", "@x_1")]
    public void Names_OfText_AreThoseOutsideOfTextsAndComments(string sql, params string[] expected) =>
        Assert.Equal(expected, new DbPlaceholders(sql).Names);

    [Theory]
    [InlineData("select $1, $3", 3, '$')]
    [InlineData("select ?1 || ?2", 2, '?')]
    [InlineData("select '{}'::jsonb ? 'a'", 0, '\0')]
    [InlineData("select '$1', x$2", 0, '\0')]
    public void Count_OfText_IsTheHighestNumber(string sql, int count, char mark)
    {
        var placeholders = new DbPlaceholders(sql);

        Assert.Equal((count, mark), (placeholders.Count, placeholders.NumberMark));
    }

    [Theory]
    [InlineData("ID", "@id")]
    [InlineData("@id", "@id")]
    [InlineData("hidden", "@hidden")]
    [InlineData("i", null)]
    [InlineData("i.", null)]
    public void Find_Name_IsSpelledAsInText(string name, string? expected) =>
        Assert.Equal(expected, new DbPlaceholders("select @id, '@hidden'").Find(name));
}
