namespace AsyncJobs.Core.Tests.Files;

/// <summary>A directory of a test's own.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("asyncjobs-tests-").FullName;

    /// <summary>The names in it, hidden ones included.</summary>
    public IEnumerable<string> Names => Directory.EnumerateFileSystemEntries(Path).Select(path => System.IO.Path.GetFileName(path)).Order();

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string WithFile(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
