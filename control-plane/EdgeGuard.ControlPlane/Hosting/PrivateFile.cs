using System.Text;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>Files that only the owner may read: keys. Mode 0600 from the moment they exist.</summary>
internal static class PrivateFile
{
    /// <summary>Largest key file read, in bytes.</summary>
    private const int MaxBytes = 64 * 1024;

    /// <summary>
    /// The text of a file, or of a new one with the given text when there is none. Two processes that start together agree: the one
    /// that loses the race reads what the other wrote.
    /// </summary>
    public static string ReadOrCreate(string path, Func<string> create)
    {
        try
        {
            if (!File.Exists(path))
            {
                var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
                Directory.CreateDirectory(folder);
                var temporary = path + "." + Guid.NewGuid().ToString("N") + ".new";
                Write(temporary, create());
                try
                {
                    File.Move(temporary, path, overwrite: false);
                }
                catch (IOException) when (File.Exists(path))
                {
                    File.Delete(temporary);
                }
            }

            return new FileInfo(path).Length <= MaxBytes
                ? File.ReadAllText(path, Encoding.UTF8).Trim()
                : throw new IOException($"{path} is larger than a key file can be");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ControlPlaneException(ControlPlaneCodes.KeyUnusable, $"key file '{path}' cannot be read or made: {error.Message}",
                "make the data folder writable for the user that the control plane runs as", error);
        }
    }

    /// <summary>Writes a file that only the owner may read, over an old one in one step.</summary>
    public static void Replace(string path, string text)
    {
        var temporary = path + "." + Guid.NewGuid().ToString("N") + ".new";
        Write(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Makes an empty file when there is none; SQLite gives its log files the mode of its database.</summary>
    public static string Ensure(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                Write(path, string.Empty);
            }
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ControlPlaneException(ControlPlaneCodes.DatabaseUnavailable, $"'{path}' cannot be made: {error.Message}",
                "make the data folder writable for the user that the control plane runs as", error);
        }

        return path;
    }

    private static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
    }
}
