using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Independent;

/// <summary>The npm package jose on Node.js, for tokens.</summary>
internal static class JosePeer
{
    private static readonly NodePeer Peer = new("EDGEGUARD_TEST_JOSE", "tests", "EdgeGuard.Identity.Tests", "Independent", "jose-peer.cjs");

    /// <summary>Why it cannot be asked; empty when it can.</summary>
    public static string Obstacle => Peer.Obstacle;

    /// <summary>What it answers.</summary>
    public static Task<System.Text.Json.Nodes.JsonObject> AskAsync(System.Text.Json.Nodes.JsonObject request) => Peer.AskAsync(request);
}
