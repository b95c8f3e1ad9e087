using System.Text.Json.Nodes;
using EdgeGuard.Identity.Tests.Agents;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Independent;

/// <summary>What is signed with the bytes that are built here, another library verifies (RFC 9421); the other way round is tested at a real edge.</summary>
public sealed class SignaturePeerTests
{
    [Fact]
    public async Task SignatureBase_WhatIsSignedWithIt_IsVerifiedByAPeer()
    {
        Assert.SkipUnless(NodePeer.Signatures.Obstacle.Length == 0, NodePeer.Signatures.Obstacle);
        (string Algorithm, string Key)[] keys =
        [
            ("ed25519", Rfc9421Keys.Ed25519),
            ("ecdsa-p256-sha256", AgentHarness.P256().PublicKey!),
            ("hmac-sha256", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(AgentHarness.Hmac().Secret!))),
        ];
        string[] covered =
        [
            "\"@method\" \"@authority\" \"@path\"",
            "\"@target-uri\" \"@scheme\" \"@request-target\" \"@query\" \"x-a\" \"priority\"",
            "\"@query-param\";name=\"id\" \"priority\";sf \"priority\";key=\"k\" \"x-a\";bs",
        ];
        var questions = new JsonArray();
        foreach (var (algorithm, key) in keys)
        {
            foreach (var components in covered)
            {
                foreach (var change in (string[])["", "x-a", "Signature-Input"])
                {
                    var request = AgentHarness.Request("POST").Add("X-A", " one  two ").Add("Priority", "k=1;  a, l=(1 2)");
                    AgentHarness.Signed(request, components, $";created={AgentHarness.Now};keyid=\"k\";alg=\"{algorithm}\";nonce=\"n\"", algorithm);
                    questions.Add(Ask(request, algorithm, key, change));
                }
            }
        }

        var answers = (await NodePeer.Signatures.AskAsync(new JsonObject { ["verify"] = questions }))["verified"]!.AsArray().Select(item => item!.GetValue<string>()).ToArray();

        Assert.Equal(keys.Length * covered.Length * 3, answers.Length);
        for (var i = 0; i < answers.Length; i++)
        {
            // A field that is not covered may change.
            var isCovered = i % 3 == 2 || (i % 3 == 1 && covered[i / 3 % covered.Length].Contains("x-a", StringComparison.Ordinal));
            Assert.Equal((i, isCovered ? "false" : "true"), (i, answers[i]));
        }
    }

    private static JsonObject Ask(FakeRequest request, string algorithm, string key, string change)
    {
        var headers = new JsonObject();
        foreach (var name in (string[])["X-A", "Priority", "Signature-Input", "Signature"])
        {
            headers[name] = request.FirstOf(name);
        }

        if (change.Length > 0)
        {
            headers[change == "x-a" ? "X-A" : change] = change == "x-a" ? "three" : request.FirstOf(change)!.Replace("nonce=\"n\"", "nonce=\"m\"", StringComparison.Ordinal);
        }

        return new JsonObject
        {
            ["algorithm"] = algorithm,
            ["key"] = key,
            ["method"] = request.Method,
            ["url"] = $"https://{request.Authority}{request.Target}",
            ["headers"] = headers,
            ["now"] = AgentHarness.Now,
        };
    }
}
