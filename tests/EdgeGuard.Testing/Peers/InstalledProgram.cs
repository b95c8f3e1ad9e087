namespace EdgeGuard.Testing;

/// <summary>A program of the operating system, which test.sh installs where it is missing.</summary>
public static class InstalledProgram
{
    /// <summary>Whether the search path leads to it.</summary>
    public static bool Exists(string name) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>Runs it to its end, which must be a good one, and gives what it wrote.</summary>
    public static async Task<string> RunAsync(string name, IEnumerable<string> arguments, string? input = null)
    {
        var result = await ProcessRunner.RunProgramAsync(name, arguments, input: input);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"{name}: {result}");
    }
}
