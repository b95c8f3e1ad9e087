namespace EdgeGuard.Cli.Commands.Config;

/// <summary>Reads files for the options loader: null when one cannot be read.</summary>
internal static class OptionFiles
{
    public static byte[]? Read(CliHost host, string path)
    {
        try
        {
            return File.ReadAllBytes(host.Resolve(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
