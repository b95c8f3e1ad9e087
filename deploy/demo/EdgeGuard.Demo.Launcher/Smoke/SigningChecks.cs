using EdgeGuard.Demo.Launcher.Stack;
using EdgeGuard.Testing;
using static EdgeGuard.Demo.Launcher.Smoke.SmokeReport;

namespace EdgeGuard.Demo.Launcher.Smoke;

/// <summary>A standalone edge takes a signed bundle, and nothing that was changed afterwards.</summary>
internal sealed class SigningChecks(DemoStack stack, SmokeReport report, TempFolder folder)
{
    private readonly string _keyFile = folder.Combine("site.key");
    private readonly string _bundle = folder.Combine("bundle.jws");

    public async Task RunAsync()
    {
        await report.CheckAsync("sign", SignAsync);
        await report.CheckAsync("standalone edge", StandaloneAsync);
        await report.CheckAsync("tampered bundle", TamperedAsync);
    }

    private async Task<string> SignAsync()
    {
        await stack.Cli.OutputAsync("key", "new", "--id", "smoke", "--out", _keyFile);
        await stack.Cli.OutputAsync("sign", DemoStack.BundleFile, "--key-file", _keyFile, "--out", _bundle);
        await stack.Cli.OutputAsync("verify", _bundle, "--key-file", _keyFile);
        return $"{new FileInfo(_bundle).Length} bytes, verified";
    }

    private async Task<string> StandaloneAsync()
    {
        await using EdgeProcess edge = await EdgeProcess.StartAsync(Settings("standalone", _bundle));
        await edge.WaitReadyAsync();
        using TrafficDriver own = new(() => edge.Proxy);
        Answer answer = await own.SendAsync("/v1/items", "alice");
        Require(answer.Passed, $"{answer.Status} {answer.Reason}");
        return "ready without a control plane, 200";
    }

    private async Task<string> TamperedAsync()
    {
        char[] text = (await File.ReadAllTextAsync(_bundle)).TrimEnd().ToCharArray();
        int middle = text.Length / 2;
        text[middle] = text[middle] == 'A' ? 'B' : 'A';
        string tampered = folder.Write("tampered.jws", new string(text));
        ProcessResult verified = await stack.Cli.RunAsync("verify", tampered, "--key-file", _keyFile);
        Require(verified.ExitCode != 0, "the CLI verified it");

        await using EdgeProcess edge = EdgeProcess.Launch(Settings("tampered", tampered));
        ProcessResult result = await edge.Process.WaitForExitAsync();
        Require(result.ExitCode != 0, "an edge started on it");
        string[] said = [.. (result.Error + result.Output).Split('\n').Where(line => line.Contains("EG2001", StringComparison.Ordinal))];
        Require(said.Length > 0, $"no signing code in: {result}");
        return $"one character changed: verify exits {verified.ExitCode}, an edge exits {result.ExitCode} and names EG2001";
    }

    private EdgeSettings Settings(string name, string bundle) => new()
    {
        StateDir = folder.Combine(name),
        Upstream = stack.UpstreamUrl,
        BundleFile = bundle,
        SigningKey = File.ReadAllText(_keyFile).Trim(),
    };
}
