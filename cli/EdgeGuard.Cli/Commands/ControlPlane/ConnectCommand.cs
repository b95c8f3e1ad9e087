using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Input;

namespace EdgeGuard.Cli.Commands.ControlPlane;

/// <summary><c>edgeguard connect URL</c>: checks address, certificate and token, and remembers them.</summary>
internal static class ConnectCommand
{
    public static Command Create(CommandContext context)
    {
        var url = new Argument<string>("url") { Description = "https://HOST:8443" };
        var tokenFile = new Option<string?>("--token-file") { Description = "File with your access token, - for standard input; EDGEGUARD_TOKEN otherwise" };
        var ca = new Option<string?>("--ca") { Description = "PEM file with the certificate authority of the control plane" };
        var command = new Command("connect", "Check a control plane and your token, and remember both.") { url, tokenFile, ca };
        command.SetAction((parse, cancellation) =>
            RunAsync(context, parse, parse.GetRequiredValue(url), parse.GetValue(tokenFile), parse.GetValue(ca), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, ParseResult parse, string url, string? tokenFile, string? ca, CancellationToken cancellation)
    {
        var host = context.Host;
        var address = ContextStore.ParseUrl(url, "connect");
        tokenFile ??= host.Variable("EDGEGUARD_TOKEN") is null ? host.Variable("EDGEGUARD_TOKEN_FILE") : null;
        var token = tokenFile is not null ? CliFiles.ReadSecret(host, tokenFile) : host.Variable("EDGEGUARD_TOKEN")?.Trim();
        if (token is null)
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.NotConnected, "--token-file", "no access token is given",
                "name its file, or write it to standard input with --token-file -");
        }

        ca ??= host.Variable("EDGEGUARD_CA");
        var caPem = ca is null ? null : Encoding.UTF8.GetString(CliFiles.Read(host, ca));
        var stored = new ControlPlaneContext(address, token, caPem);
        using var api = new ControlPlaneApi(stored, host.CallTimeout, ca ?? "--ca");
        var me = await api.MeAsync(cancellation);
        ContextStore.Save(host, stored);
        var document = new JsonObject
        {
            ["url"] = address.ToString(),
            ["user"] = me.User,
            ["organization"] = me.Organization,
            ["role"] = me.Role,
            ["region"] = me.Region,
            ["server_version"] = me.ServerVersion,
            ["context"] = ContextStore.FilePath(host),
        };
        return context.Output(parse).Finish(ExitCodes.Ok, document, output =>
        {
            output.WriteLine($"connected to {address.GetLeftPart(UriPartial.Authority)} as {Output.Printable.Clean(me.User)}, " +
                $"{Output.Printable.Clean(me.Role)} of {Output.Printable.Clean(me.Organization)} ({Output.Printable.Clean(me.Region)})");
            output.WriteLine($"remembered in {ContextStore.FilePath(host)}");
        });
    }
}
