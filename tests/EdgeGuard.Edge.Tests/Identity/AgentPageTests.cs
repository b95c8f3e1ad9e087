using System.Globalization;
using System.Text.RegularExpressions;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>Agents as the page about them shows: each of its shell examples signs a request, with OpenSSL, that an edge with the page's bundle takes.</summary>
public sealed partial class AgentPageTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Examples_RunInAShell_PassOnceEachAndNotWithAnotherKey()
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "identity", "agents.md"));
        var scripts = Script().Matches(page).Select(match => match.Groups["script"].Value).ToArray();
        Assert.Equal(3, scripts.Length);
        using var folder = new TempFolder();
        await RunAsync(folder, "openssl genpkey -algorithm ed25519 -out agent.pem", []);
        var pem = await RunAsync(folder, "openssl pkey -in agent.pem -pubout", []);
        await using var edge = await EdgeUnderTest.StartAsync(
            WithKey(Assert.Single(Bundle().Matches(page)).Groups["bundle"].Value, pem),
            options => options with { ReferenceEnvironment = ["BILLING_SECRET"] },
            new EdgeHostSettings { Environment = name => name == "BILLING_SECRET" ? Secret : null });
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOST"] = edge.Proxy!.BaseAddress!.Authority,
            ["BILLING_SECRET"] = Secret,
            ["no_proxy"] = "*",
            ["NOW"] = edge.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        };

        foreach (var script in scripts)
        {
            Assert.StartsWith("HTTP/1.1 200", await RunAsync(folder, script, environment), StringComparison.Ordinal);
        }

        Assert.Equal(["/agents/x?q=1", "/agents/pay", "/agents/pay"], edge.Upstream.Received.Items.Select(request => request.RawTarget));
        Assert.Equal(["crawler", "invoices", "billing"], edge.Upstream.Received.Items.Select(request => request.Headers["x-agent"]));

        // What the same shell signs with other keys is refused.
        await RunAsync(folder, "openssl genpkey -algorithm ed25519 -out agent.pem", []);
        environment["BILLING_SECRET"] = "another" + Secret;
        foreach (var script in scripts)
        {
            Assert.StartsWith("HTTP/1.1 401", await RunAsync(folder, script, environment), StringComparison.Ordinal);
        }
    }

    // The page's key is made up; here it is the one that the shell has, and the second scheme's agent has it too.
    private static string WithKey(string bundle, string pem)
    {
        var key = $"\"{pem.Trim().ReplaceLineEndings("\\n")}\\n\"";
        var invoices = $"  - {{id: invoices, scheme: jws, algorithm: ed25519, public_key: {key}}}\npolicies:";
        return PublicKey().Replace(bundle, "public_key: " + key).Replace("policies:", invoices, StringComparison.Ordinal);
    }

    // The edge's time stands still; the shell asks for it.
    private static async Task<string> RunAsync(TempFolder folder, string script, Dictionary<string, string> environment)
    {
        var result = await ProcessRunner.RunProgramAsync("bash", ["-c", $"set -euo pipefail; date() {{ echo \"$NOW\"; }}; cd '{folder.Path}'; {script}"], environment);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output;
    }

    [GeneratedRegex(@"^```yaml\n(?<bundle>format: edgeguard/v1\n[\s\S]*?)^```", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bundle();

    [GeneratedRegex(@"^```sh\n(?<script>[\s\S]*?)^```", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Script();

    [GeneratedRegex("public_key: '[^']*'", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PublicKey();
}
