using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Options;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary><c>edgeguard-control-plane [run|init|health]</c>. Exit codes: 0 ok, 1 cannot run, 2 usage, 3 unreachable, 4 refused.</summary>
internal static class CommandLine
{
    private const string Help = """
        edgeguard-control-plane: the control plane of EdgeGuard

        usage:
          edgeguard-control-plane [run] [options]
              migrates the database and serves until it is stopped; prints "listening https://ADDRESS"
          edgeguard-control-plane init --organization NAME --user EMAIL [--region REGION] [options]
              creates an organization with its first administrator; prints the access token, once, as JSON
          edgeguard-control-plane health [options]
              whether the control plane of this data folder answers, database included
          edgeguard-control-plane --help | --version

        options (each also in edgeguard-control-plane.yaml and as EDGEGUARD_CP_*; see docs/configuration.md):
          --config FILE --listen HOST:PORT --data-dir FOLDER --postgres-connection-file FILE --master-key-file FILE
          --data-keys-file FILE --tls.certificate-file FILE --tls.key-file FILE --tls.names NAMES
          --heartbeat-interval DURATION --log.level LEVEL
        """;

    /// <summary>Runs a command.</summary>
    public static async Task<int> RunAsync(
        string[] args, IReadOnlyDictionary<string, string> environment, TextWriter output, TextWriter errors, TimeProvider time,
        CancellationToken cancellation)
    {
        if (args.Any(argument => argument is "--help" or "-h" or "help"))
        {
            await output.WriteLineAsync(Help);
            return 0;
        }

        if (args is ["--version"] or ["version"])
        {
            await output.WriteLineAsync(ProductVersion.Text);
            return 0;
        }

        var command = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "run";
        var rest = args.Length > 0 && !args[0].StartsWith('-') ? args[1..] : args;
        var init = command == "init" ? InitArguments.Take(ref rest) : null;
        var loaded = OptionsLoader.LoadControlPlane(rest, environment, ReadFile);
        foreach (var diagnostic in loaded.Diagnostics)
        {
            await errors.WriteLineAsync(diagnostic.ToString());
        }

        if (loaded.Options is not { } options)
        {
            return 2;
        }

        try
        {
            return command switch
            {
                "run" => await ServeAsync(options, output, time, cancellation),
                "init" => await InitCommand.RunAsync(options, init!, output, time, cancellation),
                "health" => await HealthCommand.RunAsync(options, output, cancellation),
                _ => throw new ControlPlaneException(ControlPlaneCodes.UsageInvalid, $"there is no command '{command}'", "use run, init, health or --help"),
            };
        }
        catch (ControlPlaneException error)
        {
            await errors.WriteLineAsync(error.Diagnostic.ToString());
            return ExitCode(error.Diagnostic);
        }
    }

    private static int ExitCode(Diagnostic diagnostic) => diagnostic.Code switch
    {
        ControlPlaneCodes.UsageInvalid => 2,
        ControlPlaneCodes.HealthFailed => 3,
        ControlPlaneCodes.AlreadyExists => 4,
        _ => 1,
    };

    private static async Task<int> ServeAsync(ControlPlaneOptions options, TextWriter output, TimeProvider time, CancellationToken cancellation)
    {
        await using var host = await ControlPlaneHost.StartAsync(options, time, cancellation: cancellation);
        await File.WriteAllTextAsync(HealthCommand.AddressFile(options), host.Address.GetLeftPart(UriPartial.Authority) + "\n", cancellation);
        await output.WriteLineAsync("listening " + host.Address.GetLeftPart(UriPartial.Authority));
        await output.FlushAsync(cancellation);
        await host.WaitAsync();
        return 0;
    }

    private static byte[]? ReadFile(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
