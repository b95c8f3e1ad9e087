using System.Text.Json;
using EdgeGuard.Demo.Launcher.Stack;
using EdgeGuard.Testing;
using static EdgeGuard.Demo.Launcher.Smoke.SmokeReport;

namespace EdgeGuard.Demo.Launcher.Smoke;

/// <summary>Stopping one caller, from the control plane.</summary>
internal sealed class KillSwitchChecks(DemoStack stack, TrafficDriver traffic, SmokeReport report)
{
    /// <summary>Stays killed until the end: the edge must know it after its restart.</summary>
    public const string KilledKey = "mallory";

    private const string Path = "/v1/catalog";

    public async Task RunAsync()
    {
        await report.CheckAsync("kill switch", () => KillAsync("eve", "smoke-1"));
        await report.CheckAsync("other callers", OthersAsync);
        await report.CheckAsync("kill switch removed", RemoveAsync);
        await report.CheckAsync("another kill switch", () => KillAsync(KilledKey, "smoke-2"));
    }

    private async Task<string> KillAsync(string key, string id)
    {
        Require((await traffic.SendAsync(Path, key)).Passed, "the caller was refused before");
        using CancellationTokenSource tooLong = new(Eventually.Generous);
        Task<Answer> first = traffic.SendUntilAsync(Path, key, answer => !answer.Passed, tooLong.Token);
        await stack.Cli.OutputAsync("kill", "add", $"header:x-api-key={key}", "--reason", "smoke", "--id", id, "--yes");
        long returned = TimeProvider.System.GetTimestamp();
        Answer answer = await first;
        Require(answer.Reason == "kill_switch", $"{answer.Status} {answer.Reason}");
        double after = TimeProvider.System.GetElapsedTime(returned, answer.At).TotalMilliseconds;
        // The command line ends some time after the control plane has answered it, so the first refusal often comes before.
        return after >= 0
            ? $"in force {after:0} ms after the CLI returned ({answer.Status} {answer.Reason})"
            : $"in force 0 ms after the CLI returned, first refusal {-after:0} ms before it did ({answer.Status} {answer.Reason})";
    }

    private async Task<string> OthersAsync()
    {
        Answer answer = await traffic.SendAsync(Path, "dave");
        Require(answer.Passed, $"{answer.Status} {answer.Reason}");
        return "200 for another key";
    }

    private async Task<string> RemoveAsync()
    {
        JsonElement list = await stack.Cli.JsonAsync("kill", "list");
        Require(list.GetRawText().Contains("smoke-1", StringComparison.Ordinal), $"not in the list: {list}");
        using CancellationTokenSource tooLong = new(Eventually.Generous);
        await stack.Cli.OutputAsync("kill", "remove", "smoke-1", "--reason", "smoke is over", "--yes");
        long returned = TimeProvider.System.GetTimestamp();
        Answer answer = await traffic.SendUntilAsync(Path, "eve", candidate => candidate.Passed, tooLong.Token, connections: 1);
        return $"traffic passes again {Math.Max(0, TimeProvider.System.GetElapsedTime(returned, answer.At).TotalMilliseconds):0} ms after the CLI returned";
    }
}
