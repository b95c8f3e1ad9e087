using System.Collections;
using System.Runtime.InteropServices;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Admin;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Hosting;

/// <summary>The command line of the edge.</summary>
internal static class EdgeCommand
{
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

        var loaded = OptionsLoader.LoadEdge(args, Variables(), ReadFile);
        await Print(error, loaded.Diagnostics);
        if (loaded.Options is null)
        {
            return ExitCode.Usage;
        }

        try
        {
            return await Serve(loaded.Options, new EffectiveOptions(loaded.Effective), output);
        }
        catch (StartException exception)
        {
            await Print(error, exception.Diagnostics);
            return exception.Code;
        }
    }

    private static async Task<ExitCode> Serve(EdgeOptions options, EffectiveOptions effective, TextWriter output)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ended.TrySetResult();
        }

        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        await using var host = await EdgeHost.StartAsync(
            options, new EdgeHostSettings { Services = services => services.AddSingleton(effective) });
        foreach (var (door, address) in host.Listening)
        {
            await output.WriteLineAsync($"listening {door.Name} {address}");
        }

        await output.FlushAsync();
        await ended.Task;
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
