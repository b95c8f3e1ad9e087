using System.Text.Json.Nodes;

namespace EdgeGuard.Cli.Tests;

/// <summary>What one command said and how it ended.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    /// <summary>Standard output as the one JSON document that it must be.</summary>
    public JsonObject Json => JsonNode.Parse(Out)!.AsObject();

    /// <summary>Asserts the exit code, with everything said in the message.</summary>
    public CliResult Exits(int code)
    {
        Assert.True(ExitCode == code, $"exit code {ExitCode}, not {code}\n--- out\n{Out}\n--- error\n{Error}");
        return this;
    }
}
