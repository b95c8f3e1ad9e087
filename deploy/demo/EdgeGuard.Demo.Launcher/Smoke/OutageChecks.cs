using EdgeGuard.Demo.Launcher.Stack;
using EdgeGuard.Testing;
using static EdgeGuard.Demo.Launcher.Smoke.SmokeReport;

namespace EdgeGuard.Demo.Launcher.Smoke;

/// <summary>The edge on its own: the control plane is stopped, the edge restarted.</summary>
internal sealed class OutageChecks(DemoStack stack, TrafficDriver traffic, SmokeReport report)
{
    public async Task RunAsync()
    {
        await report.CheckAsync("control plane stopped", StopControlPlaneAsync);
        await report.CheckAsync("edge restarted alone", RestartEdgeAsync);
        await report.CheckAsync("break-glass kill switch", BreakGlassAsync);
        await report.CheckAsync("break-glass kill switch removed", BreakGlassRemovedAsync);
        await report.CheckAsync("control plane back", StartControlPlaneAsync);
    }

    private async Task<string> StopControlPlaneAsync()
    {
        ProcessResult result = await stack.ControlPlane.StopAsync();
        IReadOnlyList<Answer> answers = await traffic.SendManyAsync("/v1/catalog", "dave", 20);
        Require(answers.All(answer => answer.Passed), "traffic was refused");
        Answer killed = await traffic.SendAsync("/v1/catalog", KillSwitchChecks.KilledKey);
        Require(killed.Reason == "kill_switch", $"the killed caller got {killed.Status} {killed.Reason}");
        return $"exit code {result.ExitCode}; {answers.Count} of {answers.Count} requests passed, the killed caller got {killed.Status}";
    }

    private async Task<string> RestartEdgeAsync()
    {
        ProcessResult result = await stack.Edge.StopAsync();
        Require(result.ExitCode == 0, $"the edge ended with {result.ExitCode}: {result.Error}");
        await stack.Edge.DisposeAsync();
        long start = TimeProvider.System.GetTimestamp();
        await stack.StartEdgeAsync();
        await stack.Edge.WaitReadyAsync();
        double ready = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        Require((await traffic.SendAsync("/v1/catalog", "dave")).Passed, "traffic was refused");
        Answer missing = await traffic.SendAsync("/v1/items", key: null);
        Require(missing.Reason == "descriptor_missing", $"the policy is not in force: {missing.Status} {missing.Reason}");
        Answer killed = await traffic.SendAsync("/v1/catalog", KillSwitchChecks.KilledKey);
        Require(killed.Reason == "kill_switch", $"the killed caller got {killed.Status} {killed.Reason}");
        return $"ready on its last good bundle after {ready:0} ms, the killed caller got {killed.Status} {killed.Reason}";
    }

    private async Task<string> BreakGlassAsync()
    {
        Require((await traffic.SendAsync("/v1/catalog", "trent")).Passed, "the caller was refused before");
        await stack.Cli.OutputAsync("kill", "add", "header:x-api-key=trent", "--reason", "smoke", "--id", "local-1", "--local", "--yes");
        Answer answer = await traffic.SendAsync("/v1/catalog", "trent");
        Require(answer.Reason == "kill_switch", $"{answer.Status} {answer.Reason}");
        return $"the first request after the CLI returned got {answer.Status} {answer.Reason}, without a control plane";
    }

    private async Task<string> BreakGlassRemovedAsync()
    {
        await stack.Cli.OutputAsync("kill", "remove", "local-1", "--reason", "smoke is over", "--local", "--yes");
        Answer answer = await traffic.SendAsync("/v1/catalog", "trent");
        Require(answer.Passed, $"{answer.Status} {answer.Reason}");
        return "200 again";
    }

    private async Task<string> StartControlPlaneAsync()
    {
        long start = TimeProvider.System.GetTimestamp();
        await stack.ControlPlane.StartAsync();
        await Eventually.TrueAsync(
            async () => (await stack.Cli.JsonAsync("status")).GetProperty("edges")[0].GetProperty("connected").GetBoolean(),
            TimeSpan.FromMinutes(2),
            "the edge is connected again",
            Eventually.Unhurried);
        return $"edge connected again after {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s";
    }
}
