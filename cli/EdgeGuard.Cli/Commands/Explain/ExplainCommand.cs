using System.CommandLine;
using System.Globalization;
using EdgeGuard.Options;

namespace EdgeGuard.Cli.Commands.Explain;

/// <summary><c>edgeguard explain</c>: why a decision was as it was, at a running edge or offline.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string?>("id") { Description = "Decision id, from X-EdgeGuard-Decision-Id or decision_id", Arity = ArgumentArity.ZeroOrOne };
        var recent = new Option<bool>("--recent") { Description = "List the newest decisions that are kept" };
        var reason = new Option<string?>("--reason") { Description = "With --recent: only this reason" };
        var policy = new Option<string?>("--policy") { Description = "With --recent: only this policy" };
        var kind = new Option<string?>("--kind") { Description = "With --recent: refusal, warning, shadow or allow" };
        var limit = new Option<int?>("--limit") { Description = "With --recent: how many, 1 to 1000 (50)" };
        var recordAll = new Option<string?>("--record-all") { Description = "Keep all allows too, for this long (at most 1h, 0s ends it)" };
        var request = new Option<string?>("--request") { Description = "Offline: file of requests, as in the tests of a bundle" };
        var bundle = new Option<string?>("--bundle") { Description = "Offline: bundle, YAML or JSON" };
        var socket = LocalOptions.Socket();
        var command = new Command("explain", "Tell why a decision was as it was.")
        {
            id, recent, reason, policy, kind, limit, recordAll, request, bundle, socket,
        };
        command.SetAction((parse, cancellation) =>
        {
            var edge = new EdgeExplain(context, parse, parse.GetValue(socket), cancellation);
            switch (parse.GetValue(id), parse.GetValue(recent), parse.GetValue(recordAll), parse.GetValue(request), parse.GetValue(bundle))
            {
                case ({ } text, false, null, null, null):
                    return edge.OneAsync(Id(text));
                case (null, true, null, null, null):
                    return edge.RecentAsync(
                        ("reason", parse.GetValue(reason)), ("policy", parse.GetValue(policy)), ("kind", parse.GetValue(kind)),
                        ("limit", parse.GetValue(limit)?.ToString(CultureInfo.InvariantCulture)));
                case (null, false, { } time, null, null):
                    return edge.RecordAllAsync(Time(time));
                case (null, false, null, { } requests, { } policies):
                    return Task.FromResult(OfflineExplain.Run(context, parse, requests, policies));
                default:
                    throw new CliFailureException(
                        ExitCodes.Usage, CliCodes.Usage, "edgeguard explain", "name one decision, or --recent, or --record-all, or --request with --bundle",
                        "see `edgeguard explain --help`");
            }
        });
        return command;
    }

    private static string Id(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower) ? text : throw new CliFailureException(
        ExitCodes.Usage, CliCodes.BadValue, "id", $"`{text}` is no decision id", "copy the 32 digits from X-EdgeGuard-Decision-Id or decision_id; it is not the traceparent");

    private static string Time(string text) => DurationText.TryParse(text, out _) ? text : throw new CliFailureException(
        ExitCodes.Usage, CliCodes.BadValue, "--record-all", $"`{text}` is not a duration", "write 60s or 10m");
}
