using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Key;

/// <summary>A key without a control plane: itself, and what a bundle says of it.</summary>
internal static class OfflineApiKey
{
    public static int Make(CommandContext context, ParseResult parse, CreateApiKey request, string? id, string? path)
    {
        var publishable = request.Kind == "publishable";
        var value = ApiKeyText.Create(publishable, request.Environment!);
        var key = new ApiKeyDefinition
        {
            Id = id ?? "key-" + RandomNumberGenerator.GetHexString(16, lowercase: true),
            IsPublishable = publishable,
            Sha256 = ApiKeyText.DigestText(value),
            Organization = request.Organization,
            Environment = request.Environment!,
            Plan = request.Plan,
            Scopes = [.. request.Scopes ?? []],
            AllowedOrigins = [.. request.AllowedOrigins ?? []],
            AllowedMethods = [.. request.AllowedMethods ?? []],
            AllowedPaths = [.. request.AllowedPaths ?? []],
            NotBefore = DateTimeOffset.FromUnixTimeSeconds(context.Host.Time.GetUtcNow().ToUnixTimeSeconds()),
            ExpiresAt = request.ExpiresAt,
        };
        var set = BundleReader.WriteApiKeys([key]);
        var (_, findings) = BundleReader.ReadApiKeys(set, "key");
        if (findings.Any(finding => finding.Severity == Severity.Error))
        {
            return context.Output(parse).Finish(ExitCodes.Findings, [], _ => { }, findings);
        }

        var entry = JsonNode.Parse(set)!["api_keys"]![0]!.DeepClone().AsObject();
        var document = new JsonObject { ["id"] = key.Id, ["entry"] = entry };
        if (path is not null)
        {
            CliFiles.Write(context.Host, path, Encoding.ASCII.GetBytes(value + "\n"), isSecret: true);
            document["out"] = path;
        }
        else
        {
            document["value"] = value;
        }

        return context.Output(parse).Finish(ExitCodes.Ok, document, text =>
        {
            text.WriteLine(path is null ? value : $"{path}: the key, readable by you only");
            text.WriteLine();
            text.WriteLine("api_keys:");

            // JSON is YAML: quoted as it has to be, whatever it holds.
            text.WriteLine("  - " + Printable.Clean(entry.ToJsonString(Relaxed)));
        });
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
