using System.Text.Json;

namespace EdgeGuard.Testing;

/// <summary>Runs the real <c>edgeguard</c>, one process a call, with the credentials of one user.</summary>
public sealed class CommandLineClient(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>For a control plane.</summary>
    public static CommandLineClient For(Uri url, string accessToken, string caFile, string adminSocket = "") => new(
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["EDGEGUARD_URL"] = url.GetLeftPart(UriPartial.Authority),
            ["EDGEGUARD_TOKEN"] = accessToken,
            ["EDGEGUARD_CA"] = caFile,
            ["EDGEGUARD_ADMIN_SOCKET"] = adminSocket,
        });

    public IReadOnlyDictionary<string, string> Environment => environment;

    public Task<ProcessResult> RunAsync(params string[] arguments) => ProcessRunner.RunAsync("EdgeGuard.Cli", arguments, environment, input: string.Empty);

    /// <summary>Fails unless it ends with 0; gives standard output.</summary>
    public async Task<string> OutputAsync(params string[] arguments)
    {
        ProcessResult result = await RunAsync(arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"edgeguard {string.Join(' ', arguments)}: {result}");
    }

    /// <summary>The same with <c>--json</c>, parsed.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments)
        => JsonElement.Parse(await OutputAsync([.. arguments, "--json"]));
}
