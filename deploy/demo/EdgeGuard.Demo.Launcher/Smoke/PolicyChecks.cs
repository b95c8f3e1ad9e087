using System.Text.Json;
using EdgeGuard.Demo.Launcher.Stack;
using static EdgeGuard.Demo.Launcher.Smoke.SmokeReport;

namespace EdgeGuard.Demo.Launcher.Smoke;

/// <summary>From a file to decided traffic.</summary>
internal sealed class PolicyChecks(DemoStack stack, TrafficDriver traffic, SmokeReport report)
{
    private const int MostRequests = 200;

    public async Task RunAsync()
    {
        await report.CheckAsync("no bundle yet", NoBundleAsync);
        await report.CheckAsync("validate", ValidateAsync);
        await report.CheckAsync("push", PushAsync);
        await report.CheckAsync("allow", AllowAsync);
        await report.CheckAsync("limit", LimitAsync);
        await report.CheckAsync("missing key", MissingKeyAsync);
        await report.CheckAsync("shadow", ShadowAsync);
    }

    private async Task<string> NoBundleAsync()
    {
        (int status, string body) = await stack.Edge.ReadinessAsync();
        Require(status == 503, $"an edge without a bundle answers /readyz with {status}: {body}");
        return $"/readyz {status}";
    }

    private async Task<string> ValidateAsync()
    {
        string output = await stack.Cli.OutputAsync("validate", DemoStack.BundleFile);
        return output.Trim().Split('\n')[^1];
    }

    private async Task<string> PushAsync()
    {
        JsonElement pushed = await stack.Cli.JsonAsync("push", DemoStack.BundleFile, "--yes", "--message", "smoke");
        await stack.Edge.WaitReadyAsync();
        return $"version {pushed.GetProperty("version")} published, edge ready, digest {pushed.GetProperty("digest").GetString()![..12]}...";
    }

    private async Task<string> AllowAsync()
    {
        Answer answer = await traffic.SendAsync("/v1/items?page=1", "alice");
        Require(answer.Passed, $"{answer.Status} {answer.Reason} {answer.Body}");
        Require(answer.Body.Contains("\"target\":\"/v1/items?page=1\"", StringComparison.Ordinal), $"not the upstream's answer: {answer.Body}");
        Require(answer.Headers.ContainsKey("RateLimit") && answer.Headers.ContainsKey("RateLimit-Policy"), "no RateLimit headers");
        return $"200 from the upstream, RateLimit: {answer.Headers["RateLimit"]}";
    }

    private async Task<string> LimitAsync()
    {
        for (int sent = 1; sent <= MostRequests; sent++)
        {
            Answer answer = await traffic.SendAsync("/v1/items", "bob");
            if (!answer.Passed)
            {
                Require(answer.Status == 429 && answer.Reason == "token_bucket_exceeded", $"{answer.Status} {answer.Reason}");
                Require(sent > 10, $"refused at request {sent} of a burst of 10");
                string retryAfter = answer.Headers.GetValueOrDefault("Retry-After", string.Empty);
                Require(int.TryParse(retryAfter, out int seconds) && seconds >= 1, $"Retry-After is '{retryAfter}'");
                Require(answer.Headers.GetValueOrDefault("Content-Type", string.Empty).StartsWith("application/problem+json", StringComparison.Ordinal),
                    $"Content-Type is '{answer.Headers.GetValueOrDefault("Content-Type")}'");
                Require(answer.Headers.ContainsKey("RateLimit") && answer.Headers.ContainsKey("RateLimit-Policy"), "no RateLimit headers");
                using JsonDocument problem = JsonDocument.Parse(answer.Body);
                Require(problem.RootElement.GetProperty("status").GetInt32() == 429, answer.Body);
                return $"request {sent} got 429 {answer.Reason}, Retry-After: {retryAfter}, RateLimit: {answer.Headers["RateLimit"]}, {answer.Headers["Content-Type"]}";
            }
        }

        throw new DemoException($"{MostRequests} requests passed a burst of 10");
    }

    private async Task<string> MissingKeyAsync()
    {
        Answer answer = await traffic.SendAsync("/v1/items", key: null);
        Require(answer.Status == 403 && answer.Reason == "descriptor_missing", $"{answer.Status} {answer.Reason}");
        return $"{answer.Status} {answer.Reason}";
    }

    private async Task<string> ShadowAsync()
    {
        IReadOnlyList<Answer> answers = await traffic.SendManyAsync("/v1/exports", "carol", 5);
        Require(answers.All(answer => answer.Passed), "a shadow policy refused a request");
        return $"{answers.Count} requests over a shadow limit of 1 passed";
    }
}
