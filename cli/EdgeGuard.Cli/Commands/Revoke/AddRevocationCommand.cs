using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Revoke;

/// <summary><c>edgeguard revoke add</c>: voids what was issued to somebody, or one token.</summary>
internal static class AddRevocationCommand
{
    private static readonly string[] Kinds = ["organization", "subject", "key", "token"];

    public static Command Create(CommandContext context)
    {
        var what = new Argument<string>("what") { Description = "organization=NAME, subject=SUB, key=ID or token=JTI" };
        var before = new Option<string?>("--before") { Description = "Void what was issued before this time; now by default" };
        var reason = new Option<string>("--reason") { Description = "Why; for people, never sent to clients", Required = true };
        var expires = new Option<string?>("--expires") { Description = "When it may be forgotten, because what it voids is over by itself: 24h, or a time" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var command = new Command("add", "Void credentials on every edge.") { what, before, reason, expires, yes };
        command.SetAction(async (parse, cancellation) =>
        {
            var (kind, value) = Split(parse.GetRequiredValue(what));
            var request = new CreateRevocation(
                kind, value, Time(parse.GetValue(before)), parse.GetRequiredValue(reason),
                ExpiryText.Parse(parse.GetValue(expires), context.Host.Time, "--expires"));
            var output = context.Output(parse);
            output.Note(kind == "token"
                ? $"refuses the token {value}"
                : $"refuses everything issued to {kind} {value} before {(request.Time is null ? "now" : CommandOutput.Show(request.Time))}");
            Confirmation.Require(context.Host, parse.GetValue(yes), "Void it?");
            using var api = ControlPlaneApi.Open(context.Host);
            var made = await api.AddRevocationAsync(request, cancellation);
            return output.Finish(ExitCodes.Ok, JsonSerializer.SerializeToNode(made, ContractsJson.Default.RevocationInfo)!.AsObject(), text =>
            {
                text.WriteLine($"revocation {Printable.Clean(made.Id)} is in force (set {made.Sequence}), " +
                    $"acknowledged so far by {made.AcknowledgedEdges} of {CommandOutput.Count(made.ConnectedEdges, "connected edge")}");
                text.WriteLine($"to end it: edgeguard revoke remove {Printable.Clean(made.Id)} --reason WHY");
            });
        });
        return command;
    }

    private static (string Kind, string Value) Split(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && equals < text.Length - 1 && Array.IndexOf(Kinds, text[..equals]) >= 0
            ? (text[..equals], text[(equals + 1)..])
            : throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, "edgeguard revoke add", "it is not said what is void",
                "write organization=NAME, subject=SUB, key=ID or token=JTI");
    }

    private static DateTimeOffset? Time(string? text) => text is null
        ? null
        : DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, "--before", $"`{text}` is not a time", "write a time such as 2030-01-31T12:00:00Z");
}
