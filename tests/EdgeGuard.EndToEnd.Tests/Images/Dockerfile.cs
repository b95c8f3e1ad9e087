using System.Text.Json;

namespace EdgeGuard.EndToEnd.Tests.Images;

/// <summary>The instructions of a Dockerfile, continuation lines joined, comments left out.</summary>
internal sealed class Dockerfile
{
    private readonly List<(string Instruction, string Arguments)> _lines = [];

    public Dockerfile(string text)
    {
        string pending = string.Empty;
        foreach (string line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            pending += line.TrimEnd('\\');
            if (!line.EndsWith('\\'))
            {
                string[] parts = pending.Split(' ', 2, StringSplitOptions.TrimEntries);
                _lines.Add((parts[0].ToUpperInvariant(), parts.Length == 2 ? parts[1] : string.Empty));
                pending = string.Empty;
            }
        }
    }

    /// <summary>Instructions of the first stage.</summary>
    public IReadOnlyList<(string Instruction, string Arguments)> Build => [.. _lines.Take(FinalStart)];

    /// <summary>Instructions of the last stage.</summary>
    public IReadOnlyList<(string Instruction, string Arguments)> Final => [.. _lines.Skip(FinalStart)];

    public string FinalImage => Final[0].Arguments.Split(' ')[0];

    /// <summary>What is copied from the repository: sources and target, relative to the working folder.</summary>
    public IEnumerable<(string[] Sources, string Target)> Copies
        => Build.Where(line => line.Instruction == "COPY")
            .Select(line => line.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(parts => (parts[..^1], parts[^1]));

    /// <summary>Commands of the build stage, in order.</summary>
    public IEnumerable<string> Commands => Build.Where(line => line.Instruction == "RUN").Select(line => line.Arguments);

    public string[] Entrypoint => JsonSerializer.Deserialize<string[]>(Single("ENTRYPOINT"))!;

    /// <summary>Exec form of the health check.</summary>
    public string[] HealthCheck
    {
        get
        {
            string arguments = Single("HEALTHCHECK");
            return JsonSerializer.Deserialize<string[]>(arguments[(arguments.IndexOf("CMD ", StringComparison.Ordinal) + 4)..])!;
        }
    }

    public string[] Volumes => JsonSerializer.Deserialize<string[]>(Single("VOLUME"))!;

    public int[] Ports => [.. Single("EXPOSE").Split(' ').Select(int.Parse)];

    public IReadOnlyDictionary<string, string> Environment
        => Final.Where(line => line.Instruction == "ENV")
            .SelectMany(line => line.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    public string Single(string instruction) => Assert.Single(Final, line => line.Instruction == instruction).Arguments;

    private int FinalStart => _lines.FindLastIndex(line => line.Instruction == "FROM");
}
