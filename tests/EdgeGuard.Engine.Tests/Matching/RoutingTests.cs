using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Matching;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Matching;

public sealed class RoutingTests
{
    [Theory]
    [InlineData("/v1/", "/v1/x", true)]
    [InlineData("/v1/", "/v1/x/y", true)]
    [InlineData("/v1/", "/v1", false)]
    [InlineData("/v1/", "/v1/", false)]
    [InlineData("/v1/", "/v10/x", false)]
    [InlineData("/v1/", "//v1//x", true)]
    [InlineData("/v1", "/v1", true)]
    [InlineData("/v1", "/v1/", true)]
    [InlineData("/v1", "/v1/x", true)]
    [InlineData("/v1", "/v10", false)]
    [InlineData("/v1", "/V1", false)]
    [InlineData("/", "/", true)]
    [InlineData("/", "/anything", true)]
    [InlineData("/a/b/", "/a/b/c", true)]
    [InlineData("/a/b/", "/a/bc/d", false)]
    public void Match_Prefix_HoldsSegmentBoundaries(string prefix, string path, bool matches) =>
        Assert.Equal(matches ? ["p"] : [], Matched("GET", "h", path, With("p", prefix: prefix)));

    [Theory]
    [InlineData("/v1/x", true)]
    [InlineData("/v1/x/", false)]
    [InlineData("/v1/X", false)]
    public void Match_Exact_IsByteEquality(string path, bool matches) =>
        Assert.Equal(matches ? ["p"] : [], Matched("GET", "h", path, With("p", exact: "/v1/x")));

    [Fact]
    public void Match_Several_MostSpecificFirstThenById()
    {
        string[] expected =
            ["host-exact", "host-long", "host-short", "host-any", "any-exact-1", "any-exact-2", "any-long-below", "any-long", "any-root", "any"];
        var policies = new[]
        {
            With("any"), With("any-root", prefix: "/"), With("any-long", prefix: "/a/b"), With("any-long-below", prefix: "/a/b/"),
            With("any-exact-2", exact: "/a/b/c"), With("any-exact-1", exact: "/a/b/c"),
            With("host-any", host: "h.example"), With("host-short", host: "h.example", prefix: "/a"),
            With("host-long", host: "h.example", prefix: "/a/b/"), With("host-exact", host: "h.example", exact: "/a/b/c"),
            With("x-other", host: "other"), With("y-other", prefix: "/b"), With("z-other", exact: "/a/b"),
        };
        Assert.Equal(expected, Matched("GET", "h.example", "/a/b/c", policies));
    }

    [Fact]
    public void Match_Methods_AreExact()
    {
        var policies = new[] { With("any"), With("get", methods: ["GET"]), With("write", methods: ["POST", "PUT"]) };
        Assert.Equal(["any", "get"], Matched("GET", "h", "/", policies));
        Assert.Equal(["any", "write"], Matched("PUT", "h", "/", policies));
        Assert.Equal(["any"], Matched("get", "h", "/", policies));
        Assert.Equal(["any"], Matched("BREW", "h", "/", policies));
    }

    [Fact]
    public void Match_NoHost_MatchesPoliciesOfAnyHostOnly() =>
        Assert.Equal(["any"], Matched("GET", string.Empty, "/", With("any"), With("host", host: "h")));

    [Theory]
    [InlineData(DocumentFormat.Native, "/a/b", true)]
    [InlineData(DocumentFormat.Native, "/a/c", false)]
    [InlineData(DocumentFormat.Peer, "/a/b", true)]
    [InlineData(DocumentFormat.Peer, "/a/c", true)]
    [InlineData(DocumentFormat.Peer, "/b", false)]
    public void Match_ExactAndPrefixInOneSelector_AreBothOrEitherByDialect(DocumentFormat format, string path, bool matches)
    {
        var document = Document(With("p", exact: "/a/b", prefix: "/a/")) with { Format = format };
        Assert.Equal(matches ? ["p"] : [], Matched(PolicyCompiler.Compile(document, "d"), "GET", "h", path));
    }

    [Fact]
    public void Match_RandomPoliciesAndPaths_AgreesWithTheDefinition()
    {
        var random = Seeds.Next(out var seed);
        string[] paths = ["/", "/a", "/a/", "/a/b", "/a/b/", "/a/b/c", "/b", "/b/a", "//a/b", "/a//b", "/ab", "/c/c/c/c"];
        string[] prefixes = ["/", "/a", "/a/", "/a/b", "/a/b/", "/b/", "/c/c", "/c/c/c/"];
        for (var round = 0; round < 300; round++)
        {
            var policies = Enumerable.Range(0, random.Next(1, 20)).Select(i => With(
                $"p{i:d2}",
                host: random.Next(3) == 0 ? "h1" : random.Next(3) == 0 ? "h2" : null,
                exact: random.Next(3) == 0 ? paths[random.Next(paths.Length)] : null,
                prefix: random.Next(2) == 0 ? prefixes[random.Next(prefixes.Length)] : null,
                methods: random.Next(3) == 0 ? ["GET"] : random.Next(3) == 0 ? ["POST", "PUT"] : [])).ToArray();
            var compiled = PolicyCompiler.Compile(Document(policies), "d");
            foreach (var path in paths)
            {
                var expected = Expected(policies, "GET", "h1", path);
                Assert.True(expected.SequenceEqual(Matched(compiled, "GET", "h1", path)), $"seed {seed} round {round} path {path}");
            }
        }
    }

    // The definition, one policy after the other.
    private static string[] Expected(PolicyDefinition[] policies, string method, string host, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. policies.Where(p =>
                    (p.Selector.Hosts.IsEmpty || p.Selector.Hosts.Contains(host))
                    && (p.Selector.Methods.IsEmpty || p.Selector.Methods.Contains(method))
                    && (p.Selector.PathExact is null || p.Selector.PathExact == path)
                    && (p.Selector.PathPrefix is null || IsBelow(p.Selector.PathPrefix, segments)))
                .OrderBy(p => p.Selector.Hosts.IsEmpty)
                .ThenBy(p => p.Selector.PathExact is null)
                .ThenByDescending(p => p.Selector.PathExact is null ? p.Selector.PathPrefix?.Length ?? 0 : 0)
                .ThenBy(p => p.Id, StringComparer.Ordinal)
                .Select(p => p.Id),
        ];
    }

    private static bool IsBelow(string prefix, string[] path)
    {
        var segments = prefix.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var least = segments.Length + (prefix.Length > 1 && prefix.EndsWith('/') ? 1 : 0);
        return path.Length >= least && path.Take(segments.Length).SequenceEqual(segments);
    }

    private static PolicyDefinition With(
        string id, string? host = null, string? exact = null, string? prefix = null, string[]? methods = null) => Policy(id) with
        {
            Selector = new SelectorDefinition
            {
                Hosts = host is null ? [] : [host],
                PathExact = exact,
                PathPrefix = prefix,
                Methods = [.. methods ?? []],
            },
        };

    private static string[] Matched(string method, string host, string path, params PolicyDefinition[] policies) =>
        Matched(Bundle.Compile(policies), method, host, path);

    private static string[] Matched(CompiledPolicy compiled, string method, string host, string path)
    {
        var matches = new MatchList();
        RouteMatcher.Match(
            compiled.Routes,
            System.Text.Encoding.UTF8.GetBytes(method),
            System.Text.Encoding.UTF8.GetBytes(host),
            System.Text.Encoding.UTF8.GetBytes(path),
            matches);
        var ids = new List<string>();
        foreach (var policy in matches.Policies)
        {
            ids.Add(compiled.Policies[policy].Id);
        }

        return [.. ids];
    }
}
