using System.CommandLine;
using EdgeGuard.Cli.Api;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Edge;

/// <summary><c>edgeguard edge add ID</c>: a new edge and its credentials.</summary>
internal static class AddEdgeCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("id") { Description = "1 to 64 of a-z 0-9 -" };
        var labels = new Option<string[]>("--label") { Description = "KEY=VALUE, for people; may be repeated" };
        var output = CredentialOutput.OutOption();
        var command = new Command("add", "Add an edge; its token and signing key are shown once.") { id, labels, output };
        command.SetAction(async (parse, cancellation) =>
        {
            var path = parse.GetValue(output);
            CredentialOutput.RefuseExisting(context.Host, path);
            var edge = new CreateEdge(parse.GetRequiredValue(id), Labels(parse.GetValue(labels) ?? []));
            using var api = ControlPlaneApi.Open(context.Host);
            return CredentialOutput.Finish(context, parse, await api.AddEdgeAsync(edge, cancellation), path);
        });
        return command;
    }

    private static Dictionary<string, string> Labels(string[] texts)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, "--label", $"`{text}` is not a label", "write --label KEY=VALUE");
            }

            labels[text[..equals]] = text[(equals + 1)..];
        }

        return labels;
    }
}
