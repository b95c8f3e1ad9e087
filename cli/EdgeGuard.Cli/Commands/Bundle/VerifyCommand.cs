using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Cli.Commands.Bundle;

/// <summary><c>edgeguard verify FILE</c>: would an edge with this key and site load this document?</summary>
internal static class VerifyCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("file") { Description = "Signed bundle" };
        var keyFile = new Option<string>("--key-file") { Description = "File with the site key; EDGEGUARD_SIGNING_KEY otherwise" };
        var audience = new Option<string>("--audience") { Description = "Site that it must be for", DefaultValueFactory = _ => "site" };
        var command = new Command("verify", "Verify a signed bundle as an edge would.") { file, keyFile, audience };
        command.SetAction(parse => Run(context, parse, parse.GetRequiredValue(file), parse.GetValue(keyFile), parse.GetRequiredValue(audience)));
        return command;
    }

    private static int Run(CommandContext context, ParseResult parse, string file, string? keyFile, string audience)
    {
        var host = context.Host;
        var key = KeyInput.Read(host, keyFile);
        var compact = CliFiles.Read(host, file).AsMemory().Trim(" \t\r\n"u8.ToArray());
        var result = new DocumentVerifier(new TrustedKeys(key)).Verify(compact.Span, DocumentType.Bundle, audience, host.Time.GetUtcNow());
        if (result.Problem is { } problem)
        {
            var placed = problem.Location.File.Length > 0 ? problem : problem with { Location = new(file, 0, 0) };
            return context.Output(parse).Finish(ExitCodes.Refused, new JsonObject { ["file"] = file, ["valid"] = false },
                text => text.WriteLine($"{file}: refused"), [placed]);
        }

        var header = result.Header!;
        var build = BundleBuilder.Build(result.Payload!, file, ValidationContext.Unknown);
        var refused = BundleFiles.HasErrors(build);
        var json = new JsonObject
        {
            ["file"] = file,
            ["valid"] = !refused,
            ["kid"] = header.KeyId,
            ["audience"] = header.Audience,
            ["issuer"] = header.Issuer,
            ["epoch"] = header.Epoch,
            ["sequence"] = header.Sequence,
            ["issued_at"] = CommandOutput.Show(header.IssuedAt),
            ["expires_at"] = header.ExpiresAt is null ? null : CommandOutput.Show(header.ExpiresAt),
            ["digest"] = build.Digest,
        };
        return context.Output(parse).Finish(refused ? ExitCodes.Findings : ExitCodes.Ok, json, text =>
        {
            text.WriteLine($"{file}: signature good, key {header.KeyId}, for {header.Audience}, by {header.Issuer}, " +
                $"epoch {header.Epoch}, sequence {header.Sequence}, signed {CommandOutput.Show(header.IssuedAt)}, expires {CommandOutput.Show(header.ExpiresAt)}");
            if (refused)
            {
                text.WriteLine($"{file}: the bundle inside is refused");
            }
        }, build.Diagnostics);
    }
}
