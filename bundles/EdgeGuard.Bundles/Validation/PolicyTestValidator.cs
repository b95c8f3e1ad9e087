using System.Globalization;
using System.Net;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Policy tests: they name what exists, expect what can be, and end.</summary>
internal sealed class PolicyTestValidator(DocumentView document, Findings findings)
{
    // Tests run before every activation; a million decisions take about a second.
    private const long MaxRequests = 1_000_000;

    private readonly Dictionary<string, HashSet<string>> _rulesByPolicy = new(StringComparer.Ordinal);
    private readonly HashSet<string> _allRules = new(StringComparer.Ordinal);

    public void Check()
    {
        var tests = document.Root.ItemsAt("tests");
        if (tests.Count == 0)
        {
            return;
        }

        foreach (var policy in document.Policies)
        {
            if (policy.Id is not null)
            {
                var rules = policy.AllRules.Select(rule => rule.Name ?? string.Empty).ToHashSet(StringComparer.Ordinal);
                _rulesByPolicy[policy.Id] = rules;
                _allRules.UnionWith(rules);
            }
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var requests = 0L;
        for (var i = 0; i < tests.Count; i++)
        {
            var path = "tests[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            if (tests[i].TextAt("name") is { } name && !names.Add(name))
            {
                findings.Error(
                    PolicyTestCodes.DuplicateName, tests[i]["name"]!.Location, path + ".name", $"two tests are named {Quote.Text(name)}", "give each its own name");
            }

            requests += CheckSteps(tests[i], path);
        }

        if (requests > MaxRequests)
        {
            findings.Error(
                PolicyTestCodes.TooManyRequests,
                document.Root["tests"]!.Location,
                "tests",
                $"the tests make {requests} requests, more than {MaxRequests}",
                "use smaller numbers: a test needs the burst and a few more");
        }
    }

    private long CheckSteps(Node test, string path)
    {
        var requests = 0L;
        var steps = test.ItemsAt("steps");
        for (var i = 0; i < steps.Count; i++)
        {
            var stepPath = path + ".steps[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            requests += (long)Math.Clamp(steps[i].NumberAt("times") ?? 1, 1, MaxRequests);
            if (steps[i]["request"]?.TextAt("ip") is { } ip && !IPAddress.TryParse(ip, out _))
            {
                findings.Error(
                    PolicyTestCodes.BadAddress, steps[i]["request"]!["ip"]!.Location, stepPath + ".request.ip", $"{Quote.Text(ip)} is no address", "write 192.0.2.7 or 2001:db8::7");
            }

            if (steps[i]["expect"] is { Kind: NodeKind.Map } expect)
            {
                CheckNames(expect, stepPath + ".expect");
                CheckSense(expect, stepPath + ".expect");
            }
        }

        return requests;
    }

    private void CheckNames(Node expect, string path)
    {
        if (findings.IsFull)
        {
            return; // Looking for near names would only cost time.
        }

        var policy = expect.TextAt("policy");
        if (policy is not null && !_rulesByPolicy.ContainsKey(policy))
        {
            var nearest = NearestName.Of(policy, _rulesByPolicy.Keys);
            findings.Error(
                PolicyTestCodes.UnknownPolicy,
                expect["policy"]!.Location,
                path + ".policy",
                $"no policy has the id {Quote.Text(policy)}",
                nearest is null ? "name a policy of this bundle" : $"did you mean {nearest}?");
            return;
        }

        var rules = policy is null ? _allRules : _rulesByPolicy[policy];
        if (expect.TextAt("rule") is { } rule && !rules.Contains(rule))
        {
            var nearest = NearestName.Of(rule, rules);
            findings.Error(
                PolicyTestCodes.UnknownRule,
                expect["rule"]!.Location,
                path + ".rule",
                policy is null ? $"no rule is named {Quote.Text(rule)}" : $"policy {Quote.Text(policy)} has no rule {Quote.Text(rule)}",
                nearest is null ? "name a rule of the policy" : $"did you mean {nearest}?");
        }
    }

    private void CheckSense(Node expect, string path)
    {
        var verdict = expect.TextAt("verdict");
        var allows = verdict is "allow" or "warn" or "throttle";
        if (allows && expect["reason"] is { } reason && expect.FlagAt("shadow_reject") != true)
        {
            Contradiction(
                reason, path + ".reason", "an allowed request has no reason", "write verdict: reject, or shadow_reject: true when a shadow policy would have rejected");
        }

        if (allows && expect["retry_after"] is { } retryAfter)
        {
            Contradiction(retryAfter, path + ".retry_after", "an allowed request is not told to retry", "write verdict: reject, or remove retry_after");
        }

        if (verdict is "allow" or "warn" or "reject" && expect["delay_ms"] is { } delay)
        {
            Contradiction(delay, path + ".delay_ms", "only a throttled request is delayed", "write verdict: throttle, or remove delay_ms");
        }
    }

    private void Contradiction(Node node, string path, string message, string fix) =>
        findings.Error(PolicyTestCodes.Contradiction, node.Location, path, message, fix);
}
