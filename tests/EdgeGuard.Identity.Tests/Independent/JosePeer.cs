using System.Text.Json.Nodes;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Independent;

/// <summary>The npm package jose on Node.js, started for one question.</summary>
internal static class JosePeer
{
    private const string Variable = "EDGEGUARD_TEST_JOSE";
    private const string Program = "node";

    private static readonly string Folder = Environment.GetEnvironmentVariable(Variable) ?? string.Empty;

    /// <summary>Why it cannot be asked; empty when it can.</summary>
    public static string Obstacle => Folder.Length == 0
        ? $"no jose: {Variable} is not set (test.sh fetches the package and sets it)"
        : InstalledProgram.Exists(Program) ? string.Empty : "no jose: node is not installed here";

    /// <summary>What it answers.</summary>
    public static async Task<JsonObject> AskAsync(JsonObject request)
    {
        var script = RepositoryRoot.Combine("tests", "EdgeGuard.Identity.Tests", "Independent", "jose-peer.cjs");
        return JsonNode.Parse(await InstalledProgram.RunAsync(Program, [script, Folder], request.ToJsonString()))!.AsObject();
    }
}
