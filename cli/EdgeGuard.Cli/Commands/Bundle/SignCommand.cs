using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;

namespace EdgeGuard.Cli.Commands.Bundle;

/// <summary><c>edgeguard sign FILE</c>: compiles a bundle to canonical JSON and signs it with a site key.</summary>
internal static class SignCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("file") { Description = "Bundle, YAML or JSON" };
        var keyFile = new Option<string>("--key-file") { Description = "File with the site key; EDGEGUARD_SIGNING_KEY otherwise" };
        var audience = new Option<string>("--audience") { Description = "Site that the bundle is for: edge_id of its edges", DefaultValueFactory = _ => "site" };
        var issuer = new Option<string?>("--issuer") { Description = "Who signs; the audience by default" };
        var sequence = new Option<long?>("--sequence") { Description = "Rises with every bundle; bundle_version by default" };
        var expires = new Option<string?>("--expires") { Description = "Duration or time from when on edges refuse it; expires_at of the bundle by default" };
        var output = new Option<string>("--out", "-o") { Description = "File to write", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace the file" };
        var command = new Command("sign", "Sign a bundle for standalone edges. Who holds the site key can forge for that site.")
        {
            file, keyFile, audience, issuer, sequence, expires, output, force,
        };
        command.SetAction(parse =>
        {
            var site = parse.GetRequiredValue(audience);
            var request = new SignRequest(
                parse.GetRequiredValue(file), parse.GetValue(keyFile), site, parse.GetValue(issuer) ?? site, parse.GetValue(sequence),
                ExpiryText.Parse(parse.GetValue(expires), context.Host.Time, "--expires"), parse.GetRequiredValue(output), parse.GetValue(force));
            return Run(context, parse, request);
        });
        return command;
    }

    private static int Run(CommandContext context, ParseResult parse, SignRequest request)
    {
        var host = context.Host;
        if (request.Sequence is < 1)
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, "--sequence", $"`{request.Sequence}` is below 1", "give a number that rises");
        }

        var key = KeyInput.Read(host, request.KeyFile);
        var build = BundleFiles.Build(host, request.File);
        if (BundleFiles.HasErrors(build))
        {
            return context.Output(parse).Finish(ExitCodes.Findings, new JsonObject { ["file"] = request.File },
                text => text.WriteLine($"{request.File}: refused, nothing was signed"), build.Diagnostics);
        }

        var document = build.Document!;
        var header = new DocumentHeader(
            DocumentType.Bundle, key.Id, request.Audience, request.Issuer, 0, request.Sequence ?? document.BundleVersion,
            DateTimeOffset.FromUnixTimeSeconds(host.Time.GetUtcNow().ToUnixTimeSeconds()), request.ExpiresAt ?? document.ExpiresAt);
        if (!request.Force && Path.Exists(host.Resolve(request.Out)))
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.FileExists, request.Out, "the file exists already, and nothing was written",
                "replace it with --force, or choose another name");
        }

        var compact = DocumentSigner.Sign(header, build.CanonicalJson.Span, key);
        CliFiles.Write(host, request.Out, Encoding.ASCII.GetBytes(compact + "\n"), isSecret: false, request.Force);
        var json = new JsonObject
        {
            ["file"] = request.File,
            ["out"] = request.Out,
            ["kid"] = header.KeyId,
            ["audience"] = header.Audience,
            ["issuer"] = header.Issuer,
            ["epoch"] = header.Epoch,
            ["sequence"] = header.Sequence,
            ["expires_at"] = header.ExpiresAt is null ? null : CommandOutput.Show(header.ExpiresAt),
            ["digest"] = build.Digest,
        };
        return context.Output(parse).Finish(ExitCodes.Ok, json,
            text => text.WriteLine($"{request.Out}: signed with {header.KeyId} for {header.Audience}, sequence {header.Sequence}"), build.Diagnostics);
    }
}
