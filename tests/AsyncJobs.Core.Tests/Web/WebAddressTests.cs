using Xunit;

namespace AsyncJobs.Core.Tests.Web;

public sealed class WebAddressTests
{
    [Theory]
    [InlineData("http://user:secret@host/path", "http://host/path")]
    [InlineData("https://host:8443/a%20b?token=secret&page=2#part", "https://host:8443/a%20b?...")]
    [InlineData("http://host", "http://host/")]
    public void Show_Uri_HasNoSecret(string address, string expected) => Assert.Equal(expected, WebAddress.Show(new Uri(address)));

    [Theory]
    [InlineData("http://user:secret@host:port/", "host:port/")]
    [InlineData("http://user:sec/ret@host:port/?secret", "host:port/?...")]
    [InlineData("user:secret@host", "host")]
    [InlineData("not a url", "not a url")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Show_WhatIsNoUri_HasNoSecret(string? address, string expected) => Assert.Equal(expected, WebAddress.Show(address));

    [Theory]
    [InlineData("<http://h/2>; rel=\"next\"", "next", "http://h/2")]
    [InlineData("</2>; title=\"a, b\"; REL=next", "NEXT", "http://host/2")]
    [InlineData("</1>; rel=prev, </3>; rel=\"next\"", "next", "http://host/3")]
    [InlineData("</1>; rel=next, </3>; rel=next", "next", "http://host/1")]
    [InlineData("</1>; xrel=next", "next", null)]
    [InlineData("nonsense", "next", null)]
    public void Of_LinkHeader_NamesTheAddress(string header, string relation, string? expected)
    {
        using var answer = new HttpResponseMessage { RequestMessage = new HttpRequestMessage(HttpMethod.Get, "http://host/page") };
        answer.Headers.TryAddWithoutValidation("Link", header);

        Assert.Equal(expected, WebLinks.Of(answer).GetValueOrDefault(relation));
    }
}
