namespace EdgeGuard.EndToEnd.Tests.Images;

/// <summary>What an image holds: its build stage carried out in a temporary folder, command by command.</summary>
internal sealed class PublishedImage(Dockerfile dockerfile) : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Application => _folder.Combine("app");

    /// <summary>Copies what the Dockerfile copies and runs what it runs; only the output folders lie elsewhere.</summary>
    public async Task BuildAsync()
    {
        string source = _folder.Combine("source");
        Directory.CreateDirectory(source);
        foreach ((string[] sources, string target) in dockerfile.Copies)
        {
            foreach (string item in sources)
            {
                Copy(RepositoryRoot.Combine(item.TrimEnd('/')), target == "./" ? Path.Combine(source, item) : Path.Combine(source, target.TrimEnd('/')));
            }
        }

        foreach (string command in dockerfile.Commands)
        {
            string here = command.Replace("--output /app", $"--output {Application}", StringComparison.Ordinal)
                .Replace("mkdir -p /", $"mkdir -p {_folder.Path}/", StringComparison.Ordinal);
            await using ProcessRunner process = ProcessRunner.StartProgram("sh", ["-ec", here], workingDirectory: source);
            ProcessResult result = await process.WaitForExitAsync(TimeSpan.FromMinutes(10));
            Assert.True(result.ExitCode == 0, $"{here}\n{result}");
        }

        MakeReadable(_folder.Path);
    }

    public void Dispose() => _folder.Dispose();

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
            return;
        }

        // .dockerignore keeps what a build leaves behind out of the context.
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(from, file);
            if (!relative.Split('/').Any(part => part is "bin" or "obj"))
            {
                Copy(file, Path.Combine(to, relative));
            }
        }
    }

    // A temporary folder is closed to others; the user of the image has to read what was published.
    private static void MakeReadable(string folder)
        => File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
}
