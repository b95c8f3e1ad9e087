using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Audit;

/// <summary><c>edgeguard audit list</c>: who did what, newest first.</summary>
internal static class ListAuditCommand
{
    private const int MaxLimit = 1000;

    public static Command Create(CommandContext context)
    {
        var limit = new Option<int>("--limit") { Description = "How many, 1 to 1000", DefaultValueFactory = _ => 50 };
        var before = new Option<long?>("--before") { Description = "Only entries older than this sequence number" };
        var command = new Command("list", "List what was done, newest first.") { limit, before };
        command.SetAction(async (parse, cancellation) =>
        {
            var count = parse.GetValue(limit);
            if (count is < 1 or > MaxLimit)
            {
                throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, "--limit", $"`{count}` is out of range", $"use 1 to {MaxLimit}");
            }

            using var api = ControlPlaneApi.Open(context.Host);
            var entries = await api.AuditAsync(count, parse.GetValue(before), cancellation);
            var document = new JsonObject { ["entries"] = JsonSerializer.SerializeToNode(entries, ContractsJson.Default.IReadOnlyListAuditEntry) };
            return context.Output(parse).Finish(ExitCodes.Ok, document, _ => TableText.Write(
                context.Host,
                ["SEQUENCE", "AT", "ACTOR", "ACTION", "SUBJECT"],
                [.. entries.Select(entry => (IReadOnlyList<string>)
                    [$"{entry.Sequence}", CommandOutput.Show(entry.At), entry.Actor, entry.Action, entry.Subject])]));
        });
        return command;
    }
}
