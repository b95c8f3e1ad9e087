using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeGuard.Demo.Launcher.Stack;
using EdgeGuard.Testing;

namespace EdgeGuard.Demo.Launcher;

/// <summary>Starts everything, says where it is and what to try, and waits for Ctrl-C.</summary>
internal static class InteractiveRun
{
    public static async Task<int> RunAsync(DemoOptions options)
    {
        Signal stop = new();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Set();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        await using (DemoStack stack = await DemoStack.StartAsync(options.DataDir, options.PortsByName, Say))
        {
            await PushFirstBundleAsync(stack);
            Print(stack);
            await stop.WaitAsync("Ctrl-C", Timeout.InfiniteTimeSpan);
            Say("stopping");
        }

        Say("stopped");
        return 0;
    }

    private static async Task PushFirstBundleAsync(DemoStack stack)
    {
        JsonElement status = await stack.Cli.JsonAsync("status");
        if (status.GetProperty("bundle_version").GetInt64() == 0)
        {
            Say("validating, signing and publishing deploy/demo/policies.yaml");
            await stack.Cli.OutputAsync("push", DemoStack.BundleFile, "--yes");
        }

        await stack.Edge.WaitReadyAsync();
    }

    private static void Say(string text) => Console.WriteLine("-- " + text);

    private static void Print(DemoStack stack)
    {
        string cli = Path.GetRelativePath(Directory.GetCurrentDirectory(), stack.CliScript);
        cli = cli.StartsWith("..", StringComparison.Ordinal) ? stack.CliScript : cli;
        string bundle = Path.GetRelativePath(Directory.GetCurrentDirectory(), DemoStack.BundleFile);
        string proxy = stack.Edge.Proxy.GetLeftPart(UriPartial.Authority);
        Console.WriteLine($$"""

              your service, guarded    {{proxy}}
              decision API             {{stack.Edge.Decision.GetLeftPart(UriPartial.Authority)}}/v1/decision
              probes and metrics       {{stack.Edge.Probes.GetLeftPart(UriPartial.Authority)}}/readyz, /metrics
              control plane            {{stack.ControlPlane.Url.GetLeftPart(UriPartial.Authority)}} (process {{stack.ControlPlane.Process!.Id}})
              demo service, unguarded  {{stack.UpstreamUrl}}
              logs                     {{stack.Combine("edge.log")}}, control-plane.log

            Try, in another terminal:

              1. curl -i {{proxy}}/v1/items -H 'X-Api-Key: demo'
              2. for i in $(seq 15); do curl -s -o /dev/null -w '%{http_code} ' {{proxy}}/v1/items -H 'X-Api-Key: demo'; done; echo
              3. {{cli}} kill add header:x-api-key=demo --reason "leaked key" --id leak-1
              4. {{cli}} kill list; {{cli}} kill remove leak-1 --reason "key replaced"
              5. {{cli}} push {{bundle}} --message "more room"     (edit it first)

            {{cli}} status shows the edge, and --help what else there is. Ctrl-C stops all of it.
            """);
    }
}
