using EdgeGuard.Demo.Launcher.Stack;
using EdgeGuard.Testing;

namespace EdgeGuard.Demo.Launcher.Smoke;

/// <summary>The whole job, end to end, without anybody at the terminal: free ports, a temporary folder, nothing left behind.</summary>
internal static class SmokeRun
{
    private static readonly string[] Ports = ["proxy", "decision", "decision-http2", "probes", "control-plane", "upstream"];

    public static async Task<int> RunAsync()
    {
        using TempFolder folder = new();
        SmokeReport report = new();
        await using (DemoStack stack = await DemoStack.StartAsync(folder.Path, Ports.ToDictionary(name => name, _ => 0, StringComparer.Ordinal), _ => { }))
        using (TrafficDriver traffic = new(() => stack.Edge.Proxy))
        {
            Console.WriteLine($"ok   started: control plane {stack.ControlPlane.Url.GetLeftPart(UriPartial.Authority)}, edge {stack.Edge.Proxy}, upstream {stack.UpstreamUrl}");
            await new PolicyChecks(stack, traffic, report).RunAsync();
            await new KillSwitchChecks(stack, traffic, report).RunAsync();
            long ended = await EndedByKillAsync(stack);
            await new OutageChecks(stack, traffic, report).RunAsync();
            await new TelemetryChecks(stack, traffic, report, ended).RunAsync();
            await new SigningChecks(stack, report, folder).RunAsync();
            if (report.Failed > 0)
            {
                Console.WriteLine(Tail("edge", stack.Edge.Process));
                Console.WriteLine(Tail("control plane", stack.ControlPlane.Process!));
            }
        }

        Console.WriteLine($"smoke: {report.Passed} ok, {report.Failed} failed");
        return report.Failed == 0 ? 0 : 1;
    }

    // Requests that were on their way when their kill switch came. Read before the edge is restarted; afterwards no switch meets traffic.
    private static async Task<long> EndedByKillAsync(DemoStack stack)
    {
        // A client may hear of its end before the edge has counted it.
        string[] lines = [];
        await Eventually.TrueAsync(async () => (lines = (await stack.Edge.MetricsAsync()).Split('\n')).Contains("edgeguard_exchanges 0"), what: "no request is under way");
        const string Name = "edgeguard_exchanges_killed_total ";
        string line = lines.Single(line => line.StartsWith(Name, StringComparison.Ordinal));
        return long.Parse(line[Name.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Tail(string name, ProcessRunner process)
        => $"--- the end of what the {name} said\n{string.Join('\n', process.Output.Items.Concat(process.Error.Items).TakeLast(40))}";
}
