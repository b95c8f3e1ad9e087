using System.Collections;

namespace EdgeGuard.Cli;

/// <summary>Everything that a command takes from around it; tests give their own.</summary>
internal sealed class CliHost
{
    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required string WorkingDirectory { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether standard output is a terminal: tables are drawn then.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether somebody can be asked.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Time-out of one call to a control plane or an edge.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public static CliHost OfProcess()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            environment[(string)entry.Key] = (string?)entry.Value ?? string.Empty;
        }

        return new CliHost
        {
            In = Console.In,
            Out = Console.Out,
            Error = Console.Error,
            Environment = environment,
            WorkingDirectory = Directory.GetCurrentDirectory(),
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsInteractive = !Console.IsInputRedirected && !Console.IsErrorRedirected,
        };
    }

    /// <summary>A variable, or null when it is missing or empty.</summary>
    public string? Variable(string name) => Environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>A path that the user typed, made absolute.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, WorkingDirectory);
}
