using System.Text.Json;
using AsyncJobs.Core.Tests.Files;

namespace AsyncJobs.Core.Tests;

public sealed class AsyncTraceTests : IDisposable
{
    private const string Odd = "a </script><!-- \u2028 \ud83d\ude00 \ud800 \"'&";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Save_Page_HasTextsThatCannotEndIt()
    {
        New().Save(_directory["run.html"]);

        string page = File.ReadAllText(_directory["run.html"]);
        int from = page.IndexOf("id=\"data\">", StringComparison.Ordinal) + 10;
        string data = page[from..page.IndexOf("</script>", from, StringComparison.Ordinal)];
        Assert.DoesNotContain('<', data);
        Assert.DoesNotContain('\u2028', data);
        using JsonDocument read = JsonDocument.Parse(data);
        string?[] texts = [.. read.RootElement.GetProperty("strings").EnumerateArray().Select(static text => text.GetString())];
        Assert.Contains(Odd.Replace("\ud800 ", "\ufffd ", StringComparison.Ordinal), texts);
        Assert.Equal(6, read.RootElement.GetProperty("spans").GetArrayLength());
        Assert.DoesNotContain("<!--", page[from..], StringComparison.Ordinal);
    }

    [Fact]
    public void Save_Json_IsSortedAndNested()
    {
        New().Save(_directory["RUN.JSON"]);

        using JsonDocument read = JsonDocument.Parse(File.ReadAllText(_directory["RUN.JSON"]));
        JsonElement[] events = [.. read.RootElement.GetProperty("traceEvents").EnumerateArray()];
        double[] times = [.. events.Select(static item => item.GetProperty("ts").GetDouble())];
        Assert.Equal(times.Order(), times);
        string phases = string.Concat(events.Select(static item => item.GetProperty("ph").GetString()));
        Assert.Equal("MMbbXene", phases);
    }

    [Theory]
    [InlineData("run.txt")]
    [InlineData("run")]
    [InlineData("json")]
    public void Save_OtherEnding_FailsAndWritesNothing(string name)
    {
        TraceFormatException failure = Assert.Throws<TraceFormatException>(() => New().Save(_directory[name]));

        Assert.Contains(_directory[name], failure.Message, StringComparison.Ordinal);
        Assert.Equal("TraceFormatNotSupported", failure.ErrorId);
        Assert.Empty(_directory.Names);
    }

    [Fact]
    public void Save_NewOnly_KeepsWhatIsThere()
    {
        string path = _directory.WithFile("run.json", "old");

        Assert.Throws<FileExistsException>(() => New().Save(path, force: false, newOnly: true));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["run.json"], _directory.Names);
    }

    private static AsyncTrace New()
    {
        var lane = new TraceLane(7) { Name = Odd, Kind = "IO", Start = 1000, End = 3000, Outcome = AsyncState.Stopped, CanceledAt = 2500 };
        lane.Spans.Add(new TraceSpan(1000, 2500, TraceState.Running, "f.ps1:1", null, [], 5));
        return new AsyncTrace(new TraceModel
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            Duration = 4000,
            Lanes = [lane],
            Threads = [new TraceThread(5, "loop 5")],
            Loops = new Dictionary<int, string>(),
            Callbacks = [],
            EventCount = 4,
            DroppedCount = 0,
        });
    }
}
