using System.CommandLine;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Commands.Edge;
using EdgeGuard.Contracts;
using EdgeGuard.Options;

namespace EdgeGuard.Cli.Commands.Key;

/// <summary><c>edgeguard key rotate ID</c>: a new API key, with the present one valid for a while.</summary>
internal static class RotateCommand
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("id") { Description = "API key" };
        var overlap = new Option<string>("--overlap") { Description = "How long the present key stays valid, 0s to 90d", DefaultValueFactory = _ => "24h" };
        var output = ApiKeyOutput.OutOption();
        var command = new Command("rotate", "Make an API key in the place of another; it is shown once.") { id, overlap, output };
        command.SetAction(async (parse, cancellation) =>
        {
            var path = parse.GetValue(output);
            CredentialOutput.RefuseExisting(context.Host, path);
            var text = parse.GetRequiredValue(overlap);
            if (!DurationText.TryParse(text, out var duration) || duration > Longest)
            {
                throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, "--overlap", $"`{text}` is not a duration of 0s to 90d", "write 24h or 7d");
            }

            using var api = ControlPlaneApi.Open(context.Host);
            var made = await api.RotateApiKeyAsync(parse.GetRequiredValue(id), new RotateApiKey((int)duration.TotalSeconds), cancellation);
            return ApiKeyOutput.Finish(context, parse, made, path);
        });
        return command;
    }
}
