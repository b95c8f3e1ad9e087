using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Tests.Schema;

/// <summary>The schema accepts what the reader's structure check accepts and refuses what it refuses, over mutations of a rich document.</summary>
public sealed class SchemaAgreementTests
{
    // Codes that no schema can know: real dates, ranges of durations, and secrets.
    private static readonly HashSet<string> BeyondSchema = ["EG1111", "EG1301", "EG1302", "EG1303", "EG1304", "EG1305"];

    private const string Rich = """
        {"format": "edgeguard/v1", "bundle_version": 4, "issued_at": "2026-01-01T00:00:00Z", "expires_at": "2027-01-01T00:00:00Z",
         "global_shadow": {"enabled": true, "reason": "trial", "expires_at": "2026-02-01T00:00:00Z"}, "kill_switch_override": {"enabled": false},
         "kill_switches": [{"id": "a", "scope_key": "header:x-tenant", "scope_value": "acme", "route": "/v1/a", "reason": "leak", "expires_at": "2026-02-01T00:00:00Z", "status": 403}],
         "issuers": [{"id": "main", "issuer": "https://login.example.com", "audiences": ["api"], "algorithms": ["RS256", "ES256"],
          "jwks_url": "https://login.example.com/jwks", "refresh": "5m", "stale_if_error": "24h", "clock_skew": "30s", "token_type": "at+jwt"}],
         "policies": [{"id": "api", "spec": {"selector": {"hosts": ["api.example.com"], "pathPrefix": "/v1/", "methods": ["GET"]}, "mode": "shadow", "cluster": "web",
          "loop_detection": {"enabled": true, "window_seconds": 60, "threshold_identical_requests": 5, "action": "warn", "similarity": "near", "similarity_percent": 80, "max_cycle_length": 2},
          "circuit_breaker": {"enabled": true, "spend_rate_threshold_per_minute": 100, "action": "reject", "auto_reset_after_minutes": 0, "half_open_requests": 3, "status": 503, "alert": true},
          "adaptive_concurrency": {"enabled": true, "min_limit": 2, "max_limit": 50, "initial_limit": 10, "latency_tolerance": 2, "priority": {"by": "header:x-class", "classes": ["paid", "free"], "default": "free"}},
          "rules": [{"name": "r", "limit_keys": ["header:x-api-key", "ip:address"], "match": {"jwt:plan": "free", "query:beta": true, "header:x-level": 3}, "on_missing": "shared",
            "algorithm": "token_bucket", "algorithm_config": {"tokens_per_second": 2.5, "burst": 10, "cost_source": "header:x-cost", "default_cost": 2, "min_cost": 1},
            "tiers": {"by": "jwt:plan", "default": "free", "plans": {"free": {"burst": 5}}, "for": "jwt:sub", "grants": [{"value": "u1", "tier": "free", "expires_at": "2027-01-01T00:00:00Z", "reason": "trial"}]},
            "enforcement": {"percent": 10, "by": "jwt:sub"}, "shadow": {"algorithm": "concurrency", "algorithm_config": {"limit": 5, "max_hold": "1m"}}, "ipv6_prefix": 64},
           {"name": "b", "limit_keys": ["cookie:connect.sid", "path:2", "method", "host", "ua:bot_category"], "algorithm": "cost_based", "algorithm_config": {"budget": 100, "period": "7d", "time_zone": "Europe/Berlin",
            "week_start": "sunday", "cost_key": "query:n", "default_cost": 1, "min_cost": 1, "staged_actions": [{"threshold_percent": 80, "action": "throttle", "delay_ms": 5}, {"threshold_percent": 100, "action": "reject"}]},
            "scope": "fleet", "lease": {"slice_percent": 2.5, "low_water_percent": 50, "on_unreachable": "deny"}},
           {"name": "l", "limit_keys": ["ip:asn"], "algorithm": "token_bucket_llm", "algorithm_config": {"tokens_per_minute": 1000, "tokens_per_day": 5000, "max_prompt_tokens": 10, "token_source": {"estimator": "calibrated"}}},
           {"name": "h", "limit_keys": [], "algorithm": "hierarchy", "algorithm_config": {"levels": [{"name": "org", "limit_keys": ["jwt:org"], "algorithm": "sliding_window", "algorithm_config": {"limit": 5, "window": "10s", "precision": 5}},
            {"name": "user", "limit_keys": ["jwt:org", "jwt:sub"], "algorithm": "token_bucket", "algorithm_config": {"rps": 1, "burst": 2}, "borrow": {"max_percent": 50, "keep_percent": 0}}]}}],
          "fallback_limit": {"limit_keys": [], "algorithm": "token_bucket", "algorithm_config": {"rps": 1, "burst": 5, "cost_source": "fixed", "fixed_cost": 2}}}}],
         "tests": [{"name": "t", "start": "2026-01-01T00:00:00Z", "steps": [{"after": "1500ms", "times": 3, "duration": "2s", "usage_tokens": 5,
          "request": {"method": "POST", "host": "api.example.com", "path": "/v1/a?b=1", "headers": {"x-api-key": "k"}, "claims": {"sub": "u", "age": 7, "roles": ["a", 1]}, "issuer": "main", "scopes": ["read"], "invalid": ["jwt"], "ip": "192.0.2.1", "body": "", "facts": {"ip:country": "DE", "ip:tor": true, "header:x-plan": "pro"}},
          "expect": {"verdict": "allow", "reason": "token_bucket_exceeded", "policy": "api", "rule": "r", "remaining": 4, "retry_after": 1, "shadow_reject": true, "delay_ms": 3}}]}]}
        """;

    private readonly SchemaEvaluator _schema = new(JsonDocument.Parse(BundleJsonSchema.Write()).RootElement);

    [Fact]
    public void RichDocument_ByBoth_IsAccepted() => AssertAgree(Rich, expected: true);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"format": "edgeguard/v1"}""")]
    [InlineData("""{"format": "edgeguard/v2", "policies": []}""")]
    [InlineData("""{"format": "edgeguard/v1", "policies": [], "defaults": {}}""")]
    [InlineData("""{"format": "edgeguard/v1", "policies": [], "llm_providers": [{"id": "a"}]}""")]
    [InlineData("""{"format": "edgeguard/v1", "policies": [{"id": "a", "spec": {"selector": {"pathPrefix": "/", "path_prefix": "/"}, "rules": []}}]}""")]
    [InlineData("""{"format": "edgeguard/v1", "policies": [{"id": "a", "spec": {"selector": {}, "rules": []}}], "fuse": {"enabled": true, "window": "5s"}}""")]
    [InlineData("""{"format": "edgeguard/v1", "policies": [{"id": "a", "spec": {"selector": {}, "rules": [{"name": "r", "limit_keys": [], "algorithm": "concurrency", "algorithm_config": {"limit": 5, "window": "1s"}}]}}]}""")]
    public void WrongDocument_ByBoth_IsRefused(string json)
    {
        if (json != "{}")
        {
            AssertAgree(json, expected: false);
        }
        else
        {
            Assert.False(_schema.Accepts(JsonDocument.Parse(json).RootElement));
        }
    }

    [Fact]
    public void EveryValue_ReplacedByOthers_IsJudgedAlike()
    {
        string[] others = ["null", "true", "7", "-1", "0.5", "1e300", "\"\"", "\"x y?\"", "\"deny\"", "[]", "{}", "[null]", "{\"zzz\": 1}", "\"ip:country\"", "\"cost_based\"", "\"5 minutes\""];
        var compared = 0;
        foreach (var path in Paths(JsonNode.Parse(Rich)!))
        {
            foreach (var other in others)
            {
                compared += AssertAgree(Mutate(path, JsonNode.Parse(other)), expected: null) ? 1 : 0;
            }
        }

        Assert.True(compared > 500, $"only {compared} mutations were compared");
    }

    [Fact]
    public void EveryField_RemovedOrMisspelt_IsJudgedAlike()
    {
        foreach (var path in Paths(JsonNode.Parse(Rich)!).Where(p => p[^1] is string))
        {
            var root = JsonNode.Parse(Rich)!;
            var owner = (JsonObject)Owner(root, path);
            owner.Remove((string)path[^1]);
            AssertAgree(root.ToJsonString(), expected: null);
            owner[(string)path[^1] + "_x"] = 1;
            AssertAgree(root.ToJsonString(), expected: null);
        }
    }

    private bool AssertAgree(string json, bool? expected)
    {
        var read = NodeReader.ReadJson(Encoding.UTF8.GetBytes(json), "b.json", ReadLimits.Bundle);
        Assert.NotNull(read.Root);
        if (read.Root["format"] is null && read.Root.Kind == NodeKind.Map)
        {
            return false; // The peer's dialect, which the schema is not about.
        }

        var findings = new Findings();
        new StructureValidator(Model.DocumentFormat.Native, ValidationContext.Unknown, findings).Check(read.Root, BundleShapes.Bundle);
        var errors = findings.InDocumentOrder().Where(d => d.Severity == Severity.Error).ToList();
        if (errors.Count > 0 && errors.All(e => BeyondSchema.Contains(e.Code) || (e.Code == "EG1104" && e.Fix.Contains("duration", StringComparison.Ordinal))))
        {
            return false;
        }

        var accepted = _schema.Accepts(JsonDocument.Parse(json).RootElement);
        Assert.True(accepted == (errors.Count == 0), $"schema {(accepted ? "accepts" : "refuses")}, reader says:\n{string.Join("\n", errors)}\n{json}");
        Assert.True(expected is null || expected == accepted, $"{json}\n{string.Join("\n", errors)}");
        return true;
    }

    private static string Mutate(object[] path, JsonNode? value)
    {
        var root = JsonNode.Parse(Rich)!;
        var owner = Owner(root, path);
        if (path[^1] is string name)
        {
            owner[name] = value;
        }
        else
        {
            owner[(int)path[^1]] = value;
        }

        return root.ToJsonString();
    }

    private static JsonNode Owner(JsonNode root, object[] path) =>
        path[..^1].Aggregate(root, (node, step) => step is string name ? node[name]! : node[(int)step]!);

    private static IEnumerable<object[]> Paths(JsonNode node, params object[] prefix)
    {
        IEnumerable<(object Step, JsonNode? Value)> children = node switch
        {
            JsonObject map => map.Select(p => ((object)p.Key, p.Value)),
            JsonArray list => list.Select((item, i) => ((object)i, item)),
            _ => [],
        };
        foreach (var (step, value) in children.ToList())
        {
            object[] path = [.. prefix, step];
            yield return path;
            foreach (var deeper in value is null ? [] : Paths(value, path))
            {
                yield return deeper;
            }
        }
    }
}
