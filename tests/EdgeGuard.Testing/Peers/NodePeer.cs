using System.Text.Json.Nodes;

namespace EdgeGuard.Testing;

/// <summary>npm packages on Node.js, started for one question: a script reads a JSON object and writes one.</summary>
/// <param name="variable">Variable that tells the folder where the packages are installed; test.sh sets it.</param>
/// <param name="script">The script, from the repository's root.</param>
public sealed class NodePeer(string variable, params string[] script)
{
    private const string Program = "node";

    private readonly string _folder = Environment.GetEnvironmentVariable(variable) ?? string.Empty;

    /// <summary>jose: proofs of possession.</summary>
    public static NodePeer Proofs { get; } = new("EDGEGUARD_TEST_JOSE", "tests", "EdgeGuard.Testing", "Peers", "proof-peer.cjs");

    /// <summary>http-message-signatures and web-bot-auth: signatures over requests.</summary>
    public static NodePeer Signatures { get; } = new("EDGEGUARD_TEST_SIGNATURES", "tests", "EdgeGuard.Testing", "Peers", "signature-peer.cjs");

    /// <summary>Why it cannot be asked; empty when it can.</summary>
    public string Obstacle => _folder.Length == 0
        ? $"no peer: {variable} is not set (test.sh fetches the packages and sets it)"
        : InstalledProgram.Exists(Program) ? string.Empty : "no peer: node is not installed here";

    /// <summary>What it answers.</summary>
    public async Task<JsonObject> AskAsync(JsonObject request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return JsonNode.Parse(await InstalledProgram.RunAsync(Program, [RepositoryRoot.Combine(script), _folder], request.ToJsonString()))!.AsObject();
    }
}
