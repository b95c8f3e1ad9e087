using System.Text;

namespace EdgeGuard.Cli.Input;

/// <summary>Files that commands read and write, with the problems in words.</summary>
internal static class CliFiles
{
    /// <summary>Larger files are no bundle, key or token (the reader of bundles allows 32 MiB).</summary>
    private const long MaxBytes = 33 * 1024 * 1024;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static byte[] Read(CliHost host, string path)
    {
        try
        {
            var file = new FileInfo(host.Resolve(path));
            if (file.Exists && file.Length > MaxBytes)
            {
                throw new IOException($"it is larger than {MaxBytes / 1024 / 1024} MiB");
            }

            return File.ReadAllBytes(file.FullName);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.FileUnreadable, path, $"the file cannot be read: {Cause(problem)}",
                "check the path and that you may read it");
        }
    }

    /// <summary>A secret from a file, or from standard input for <c>-</c>; white space around it removed.</summary>
    public static string ReadSecret(CliHost host, string path)
    {
        var text = (path == "-" ? host.In.ReadToEnd() : Encoding.UTF8.GetString(Read(host, path))).Trim();
        return text.Length > 0 ? text : throw new CliFailureException(
            ExitCodes.Usage, CliCodes.FileUnreadable, path == "-" ? "standard input" : path, "it is empty", "write the secret there, and nothing else");
    }

    /// <summary>Writes a new file; never overwrites unless told so.</summary>
    public static void Write(CliHost host, string path, byte[] content, bool isSecret, bool overwrite = false)
    {
        var full = host.Resolve(path);
        if (!overwrite && Path.Exists(full))
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.FileExists, path, "the file exists already, and nothing was written",
                "choose another name, or move the file away");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            var options = new FileStreamOptions { Access = FileAccess.Write, Mode = FileMode.CreateNew, Share = FileShare.None };
            if (isSecret && !OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = Private;
            }

            // Beside the target first: a full disk must not leave half a document under its name.
            var temporary = full + $".{Guid.NewGuid():N}.tmp";
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.FileUnwritable, path, $"the file cannot be written: {Cause(problem)}",
                "check the folder and that you may write there");
        }
    }

    private static string Cause(Exception problem) => problem switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it does not exist",
        UnauthorizedAccessException => "permission denied, or it is a folder",
        _ => problem.Message,
    };
}
