using System.Security.Cryptography;
using Microsoft.PowerShell.Commands;

namespace AsyncJobs;

/// <summary>Start-AsyncFileHash: a task for each file that gives the hash of its content, as <c>Get-FileHash</c> does.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncFileHash", DefaultParameterSetName = "Path")]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncFileHashCommand : FileCommand
{
    /// <summary>A stream to read instead of a file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Stream")]
    [ValidateNotNull]
    public Stream? InputStream { get; set; }

    /// <summary>The algorithm; SHA256 unless given.</summary>
    [Parameter(Position = 1)]
    [ValidateSet("SHA1", "SHA256", "SHA384", "SHA512", "MD5")]
    public string Algorithm { get; set; } = "SHA256";

    /// <summary>Starts a task for each file.</summary>
    protected override void ProcessRecord()
    {
        string algorithm = Algorithm.ToUpperInvariant();
        var name = new HashAlgorithmName(algorithm);
        if (InputStream is { } stream)
        {
            WriteStarted(StartIO(
                (_, stop) => FileOperations.RunAsync(token => Result(FileHasher.Hash(stream, name, token), null), stop), input: null));
            return;
        }

        foreach (FilePath file in Resolve(static _ => { }))
        {
            string path = file.Path;
            StartFor(file, (_, stop) => FileOperations.RunAsync(token => Result(FileHasher.Hash(path, name, token), path), stop));
        }

        FileHashInfo Result(string hash, string? path) => new() { Algorithm = algorithm, Hash = hash, Path = path };
    }
}
