using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Input;

namespace EdgeGuard.Cli.Api;

/// <summary>
/// Where <c>connect</c> keeps the control plane's address and the token: <c>$XDG_CONFIG_HOME/edgeguard/context.json</c>, mode 0600.
/// <c>EDGEGUARD_URL</c>, <c>EDGEGUARD_TOKEN</c> (or <c>_FILE</c>) and <c>EDGEGUARD_CA</c> override it.
/// </summary>
internal static class ContextStore
{
    private const string Connect = "run `edgeguard connect URL --token-file FILE`, or set EDGEGUARD_URL and EDGEGUARD_TOKEN_FILE";

    public static string FilePath(CliHost host)
    {
        var home = host.Variable("XDG_CONFIG_HOME") ?? Path.Combine(host.Variable("HOME") ?? host.WorkingDirectory, ".config");
        return Path.Combine(home, "edgeguard", "context.json");
    }

    public static void Save(CliHost host, ControlPlaneContext context)
    {
        var document = new JsonObject { ["url"] = context.Url.ToString(), ["token"] = context.Token, ["ca_pem"] = context.CaPem };
        CliFiles.Write(host, FilePath(host), Encoding.UTF8.GetBytes(document.ToJsonString()), isSecret: true, overwrite: true);
    }

    /// <summary>The context in force.</summary>
    public static ControlPlaneContext Load(CliHost host)
    {
        var stored = ReadStored(host);
        var url = host.Variable("EDGEGUARD_URL") is { } text ? ParseUrl(text, "EDGEGUARD_URL") : stored?.Url;
        var token = host.Variable("EDGEGUARD_TOKEN")?.Trim();
        if (token is null && host.Variable("EDGEGUARD_TOKEN_FILE") is { } tokenFile)
        {
            token = CliFiles.ReadSecret(host, tokenFile);
        }

        // A stored token goes only where it was stored for: an address from elsewhere must bring its own.
        var isSamePlace = stored is not null && url is not null && Uri.Compare(
            stored.Url, url, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
        token ??= isSamePlace ? stored!.Token : null;
        var ca = host.Variable("EDGEGUARD_CA") is { } caFile ? Encoding.UTF8.GetString(CliFiles.Read(host, caFile)) : isSamePlace ? stored!.CaPem : null;
        if (url is null || token is null)
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.NotConnected, string.Empty,
                url is null ? "no control plane is known" : $"no token is known for {url}", Connect);
        }

        return new ControlPlaneContext(url, token, ca);
    }

    /// <summary>Reads a control plane's address: https, without user, path or query.</summary>
    public static Uri ParseUrl(string text, string place)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps || url.UserInfo.Length > 0 ||
            url.AbsolutePath != "/" || url.Query.Length > 0)
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, place, $"`{text.Split('@')[^1]}` is not the address of a control plane",
                "write https://HOST:8443");
        }

        return new Uri(url.GetLeftPart(UriPartial.Authority) + "/");
    }

    private static ControlPlaneContext? ReadStored(CliHost host)
    {
        var path = FilePath(host);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var document = JsonNode.Parse(CliFiles.Read(host, path)) as JsonObject ?? [];
            var url = document["url"]?.GetValue<string>() ?? throw new JsonException();
            var token = document["token"]?.GetValue<string>() ?? throw new JsonException();
            return new ControlPlaneContext(new Uri(url), token, document["ca_pem"]?.GetValue<string>());
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException)
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.ContextUnusable, path, "the stored context cannot be read",
                "run `edgeguard connect` again");
        }
    }
}
