using System.Text;
using Xunit;

namespace AsyncJobs.Core.Tests.Web;

public sealed class WebContentTypeTests
{
    [Theory]
    [InlineData("text/plain; charset=iso-8859-1")]
    [InlineData("text/plain; charset=\"ISO-8859-1\"")]
    public void Decode_CharsetInTheHeader_IsUsed(string type) =>
        Assert.Equal("café", WebContentType.Of(type).Decode(Encoding.Latin1.GetBytes("café"), out _));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void Decode_ByteOrderMark_TellsTheEncodingAndIsNotText(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        Assert.Equal("café", WebContentType.Of("text/plain").Decode([.. encoding.Preamble, .. encoding.GetBytes("café")], out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("text/plain; charset=no-such")]
    [InlineData("no type at all")]
    public void Decode_NothingKnown_IsUtf8(string type) => Assert.Equal("café", WebContentType.Of(type).Decode("café"u8, out _));

    [Theory]
    [InlineData("application/json", true, false)]
    [InlineData("application/problem+json; charset=utf-8", true, false)]
    [InlineData("text/xml", false, true)]
    [InlineData("application/atom+xml", false, true)]
    [InlineData("text/html", false, false)]
    public void Of_MediaType_IsRecognized(string type, bool isJson, bool isXml)
    {
        Assert.Equal(isJson, WebContentType.Of(type).IsJson);
        Assert.Equal(isXml, WebContentType.Of(type).IsXml);
    }
}
