namespace AsyncJobs.Core.Tests;

public class LineSplitterTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("a", null, "a")]
    [InlineData("a\n", null, "a")]
    [InlineData("\n\n", null, "", "")]
    [InlineData("a\r\nb\r\n", null, "a", "b")]
    [InlineData("a\rb\r\rc\n\r", null, "a", "b", "", "c", "")]
    [InlineData("a\r\n\r\n\nb", null, "a", "", "", "b")]
    [InlineData("a;b;", ";", "a", "b")]
    [InlineData("a\nb--c-d----", "--", "a\nb", "c-d", "")]
    [InlineData("-aaab", "aab", "-a")]
    public void Split_Text_GivesTheSameLinesWhereverPiecesEnd(string text, string? delimiter, params string[] expected)
    {
        for (int length = 1; length <= Math.Max(text.Length, 1); length++)
        {
            var splitter = new LineSplitter(delimiter);
            var lines = new List<string>();
            foreach (char[] piece in text.Chunk(length))
            {
                splitter.Split(piece, lines.Add);
            }

            splitter.TakeRest(lines.Add);
            splitter.TakeRest(lines.Add);

            Assert.Equal(expected, lines);
        }
    }

    [Fact]
    public void Reset_AfterHalfAnEnd_BeginsAnotherText()
    {
        var splitter = new LineSplitter();
        var lines = new List<string>();
        splitter.Split("a\rb", lines.Add);
        Assert.Equal(1, splitter.RestLength);
        splitter.Reset();
        splitter.Split("c\r", lines.Add);
        splitter.Reset();
        splitter.Split("\nd", lines.Add);
        splitter.TakeRest(lines.Add);

        Assert.Equal(["a", "c", string.Empty, "d"], lines);
    }
}
