using System.Collections;
using System.Runtime.InteropServices;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Admin;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Hosting;

/// <summary>The command line of the edge.</summary>
internal static class EdgeCommand
{
    private const string TakeoverFlag = "--takeover";

    /// <summary>Runs a command and gives the exit code.</summary>
    public static async Task<ExitCode> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        switch (args)
        {
            case ["--version", ..]:
                await output.WriteLineAsync($"edgeguard-edge {ProductVersion.Text}");
                return ExitCode.Ok;
            case ["--help" or "-h", ..]:
                await output.WriteLineAsync(EdgeHelp.Text());
                return ExitCode.Ok;
            case ["health", ..]:
                return await HealthCheck.RunAsync(args.AsMemory(1), output, error);
        }

        var isTakeover = args.Contains(TakeoverFlag, StringComparer.Ordinal);
        var loaded = OptionsLoader.LoadEdge([.. args.Where(arg => arg != TakeoverFlag)], Variables(), ReadFile);
        await Print(error, loaded.Diagnostics);
        if (loaded.Options is null)
        {
            return ExitCode.Usage;
        }

        try
        {
            return await Serve(loaded.Options, new EffectiveOptions(loaded.Effective), isTakeover, output);
        }
        catch (StartException exception)
        {
            await Print(error, exception.Diagnostics);
            return exception.Code;
        }
    }

    private static async Task<ExitCode> Serve(EdgeOptions options, EffectiveOptions effective, bool isTakeover, TextWriter output)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ended.TrySetResult();
        }

        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var inheritance = isTakeover ? Inheritance.Ask(AdminServer.PathOf(options)) : null;
        await using var host = await EdgeHost.StartAsync(
            options, new EdgeHostSettings { Inheritance = inheritance, Services = services => services.AddSingleton(effective) });
        foreach (var (door, address) in host.Listening)
        {
            await output.WriteLineAsync($"listening {door.Name} {address}");
        }

        await output.FlushAsync();

        // Reading a bundle and building the listeners leaves garbage that the collector would keep until there is traffic: 6 to 8 MiB of resident memory with 1000 policies.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        await Task.WhenAny(ended.Task, host.GivenAway);
        if (host.GivenAway.IsCompleted)
        {
            using var hurry = new CancellationTokenSource();
            var drained = host.DrainAsync(hurry.Token);
            await Task.WhenAny(drained, ended.Task);
            await hurry.CancelAsync();
            await drained;

            // What is left, the shared listeners above all, goes with the process: closing it would take it from the other one.
            return ExitCode.Ok;
        }

        await host.StopAsync();
        return ExitCode.Ok;
    }

    private static async Task Print(TextWriter error, IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            await error.WriteLineAsync(diagnostic.ToString());
        }
    }

    private static Dictionary<string, string> Variables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? string.Empty, StringComparer.Ordinal);

    private static byte[]? ReadFile(string path)
    {
        // Asked first, although it may be gone then: the default file is mostly not there, and an exception takes milliseconds of a start.
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
