using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Bundle;

/// <summary><c>edgeguard push FILE</c>: validates here, shows what would change in force, and publishes.</summary>
internal static class PushCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("file") { Description = "Bundle, YAML or JSON" };
        var message = new Option<string>("--message", "-m") { Description = "Why, for the audit log", DefaultValueFactory = _ => string.Empty };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what would change" };
        var command = new Command("push", "Publish a bundle to the fleet.") { file, message, yes, dryRun };
        command.SetAction((parse, cancellation) => RunAsync(
            context, parse, parse.GetRequiredValue(file), parse.GetValue(message) ?? string.Empty, parse.GetValue(yes), parse.GetValue(dryRun), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, ParseResult parse, string file, string message, bool yes, bool dryRun, CancellationToken cancellation)
    {
        var host = context.Host;
        var output = context.Output(parse);
        var build = BundleFiles.Build(host, file);
        if (BundleFiles.HasErrors(build))
        {
            return output.Finish(ExitCodes.Refused, new JsonObject { ["file"] = file, ["pushed"] = false },
                text => text.WriteLine($"{file}: refused, nothing was pushed"), build.Diagnostics);
        }

        var draft = CliFiles.Read(host, file);
        using var api = ControlPlaneApi.Open(host);

        // The version is read before the comparison: when somebody else publishes in between, the push is refused instead of undoing theirs.
        var inForce = (await api.StatusAsync(cancellation)).BundleVersion;
        var preview = await api.PushAsync(draft, dryRun: true, inForce, message, cancellation);
        output.Note(inForce == 0 ? "no bundle is in force yet" : $"changes to version {inForce}, for {CommandOutput.Count(preview.Edges, "edge")}:");
        foreach (var line in (preview.Changes ?? []).Select(Describe).DefaultIfEmpty("  nothing that is enforced changes"))
        {
            output.Note(line);
        }

        if (dryRun)
        {
            return output.Finish(ExitCodes.Ok, Document(file, preview, pushed: false),
                text => text.WriteLine("dry run: nothing was pushed"), build.Diagnostics);
        }

        if (!yes && host.IsInteractive)
        {
            Confirmation.Require(host, yes, "Publish?");
        }

        var published = await api.PushAsync(draft, dryRun: false, inForce, message, cancellation);
        var isNew = published.Version != inForce;
        return output.Finish(ExitCodes.Ok, Document(file, published, isNew), text => text.WriteLine(isNew
            ? $"published version {published.Version} to {CommandOutput.Count(published.Edges, "edge")}, digest {published.Digest}"
            : $"nothing was published: version {inForce}, which is in force, is the same"), build.Diagnostics);
    }

    private static string Describe(ChangeInfo change)
    {
        var sign = change.Kind switch
        {
            "added" => "+",
            "removed" => "-",
            _ => "~",
        };
        var values = (change.Before, change.After) switch
        {
            (null, null) => string.Empty,
            (null, _) => $": {change.After}",
            (_, null) => $": {change.Before}",
            _ => $": {change.Before} -> {change.After}",
        };
        return $"  {sign} {change.Path}{values}{(string.IsNullOrEmpty(change.Effect) ? string.Empty : $"  ({change.Effect})")}";
    }

    private static JsonObject Document(string file, BundleInfo bundle, bool pushed)
    {
        var document = JsonSerializer.SerializeToNode(bundle, ContractsJson.Default.BundleInfo)!.AsObject();
        document["file"] = file;
        document["pushed"] = pushed;
        return document;
    }
}
