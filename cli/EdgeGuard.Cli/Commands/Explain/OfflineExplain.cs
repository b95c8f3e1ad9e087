using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Cli.Commands.Bundle;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;
using EdgeGuard.Engine.Explain;

namespace EdgeGuard.Cli.Commands.Explain;

/// <summary>Decides requests of a file by a bundle of a file, with the engine that an edge decides with, and tells each story.</summary>
internal static class OfflineExplain
{
    public static int Run(CommandContext context, ParseResult parse, string requestFile, string bundleFile)
    {
        var build = BundleFiles.Build(context.Host, bundleFile);
        var (requests, problems) = BundleReader.ReadRequests(CliFiles.Read(context.Host, requestFile), requestFile, context.Host.Time.GetUtcNow());
        var output = context.Output(parse);

        // How the bundle could be better is the business of `validate`.
        var findings = build.Diagnostics.AddRange(problems).Where(finding => finding.Severity == Severity.Error);
        if (build.Policy is not { } policy || requests is null)
        {
            return output.Finish(ExitCodes.Findings, [], static _ => { }, findings);
        }

        var stories = OfflineStories.Tell(requests, policy);
        var document = new JsonObject
        {
            ["decisions"] = new JsonArray([.. stories.Select(story => JsonSerializer.SerializeToNode(story, StoryJson.Default.DecisionStory))]),
        };
        return output.Finish(ExitCodes.Ok, document, text =>
        {
            foreach (var (index, story) in stories.Index())
            {
                text.WriteLine($"request {index + 1} of {stories.Length}");
                StoryText.Write(story, text);
            }
        }, findings);
    }
}
