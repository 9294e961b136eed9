namespace AsyncJobs.Tests.Coroutines;

/// <summary>
/// What the compiler makes of each construct, to the letter: <c>Programs/*.txt</c> have a script, a line, and the program. With
/// <c>RENEW_PROGRAMS=1</c> in the environment the programs are written anew, for a look at what has changed in them.
/// </summary>
public sealed class ProgramTests(Engine engine) : IClassFixture<Engine>
{
    private const string Line = "\n----\n";

    public static TheoryData<string> Constructs => new(Directory.GetFiles(Folder, "*.txt").Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    private static string Folder { get; } = Path.Combine(FindRoot(), "tests", "AsyncJobs.Tests", "Coroutines", "Programs");

    [Theory]
    [MemberData(nameof(Constructs))]
    public void ProgramOf_Construct_IsAsRecorded(string construct)
    {
        string file = Path.Combine(Folder, construct + ".txt");
        string recorded = File.ReadAllText(file).ReplaceLineEndings("\n");
        string script = recorded.Split(Line)[0];
        string actual = script + Line + engine.ProgramOf(script);
        if (Environment.GetEnvironmentVariable("RENEW_PROGRAMS") == "1")
        {
            File.WriteAllText(file, actual);
        }
        else
        {
            Assert.Equal(recorded, actual);
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AsyncJobs.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside the project's folder.");
        }

        return folder.FullName;
    }
}
