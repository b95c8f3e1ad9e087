using System.CommandLine;
using EdgeGuard.Cli.Api;
using EdgeGuard.Contracts;
using EdgeGuard.Options;

namespace EdgeGuard.Cli.Commands.Edge;

/// <summary><c>edgeguard edge rotate-token ID</c>: a new token, with the present one valid for a while.</summary>
internal static class RotateTokenCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("id") { Description = "Edge" };
        var overlap = new Option<string>("--overlap") { Description = "How long the present token stays valid, 0s to 7d", DefaultValueFactory = _ => "1h" };
        var output = CredentialOutput.OutOption();
        var command = new Command("rotate-token", "Give an edge a new token.") { id, overlap, output };
        command.SetAction(async (parse, cancellation) =>
        {
            var path = parse.GetValue(output);
            CredentialOutput.RefuseExisting(context.Host, path);
            var text = parse.GetRequiredValue(overlap);
            if (!DurationText.TryParse(text, out var duration) || duration > TimeSpan.FromDays(7))
            {
                throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, "--overlap", $"`{text}` is not a duration of 0s to 7d", "write 30m or 1h");
            }

            using var api = ControlPlaneApi.Open(context.Host);
            var credentials = await api.RotateTokenAsync(parse.GetRequiredValue(id), new RotateToken((int)duration.TotalSeconds), cancellation);
            return CredentialOutput.Finish(context, parse, credentials, path);
        });
        return command;
    }
}
