using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Budget;

/// <summary><c>edgeguard budget list</c>.</summary>
internal static class ListBudgetsCommand
{
    public static Command Create(CommandContext context)
    {
        var keys = new Option<string?>("--keys") { Description = "List the keys of this budget (policy/rule), as hashes.", HelpName = "POLICY/RULE" };
        var command = new Command("list", "List who holds what of fleet-wide budgets.") { keys };
        command.SetAction(async (parse, cancellation) =>
        {
            using var api = ControlPlaneApi.Open(context.Host);
            return parse.GetValue(keys) is { } budget
                ? Keys(context, parse, await api.BudgetKeysAsync(budget, cancellation))
                : Budgets(context, parse, await api.BudgetsAsync(cancellation));
        });
        return command;
    }

    private static int Budgets(CommandContext context, ParseResult parse, IReadOnlyList<BudgetInfo> list)
    {
        var document = new JsonObject { ["budgets"] = JsonSerializer.SerializeToNode(list, ContractsJson.Default.IReadOnlyListBudgetInfo) };
        return context.Output(parse).Finish(ExitCodes.Ok, document, _ => TableText.Write(
            context.Host,
            ["BUDGET", "FROM", "TO", "EDGE", "SHARE", "GRANTED", "RETURNED", "SPENT"],
            [.. list.SelectMany(item => item.Edges.Select(edge => (IReadOnlyList<string>)
            [
                item.Budget, CommandOutput.Show(item.From), CommandOutput.Show(item.To), edge.EdgeId, Number(edge.SharePercent) + "%",
                Number(edge.Granted), Number(edge.Returned), Number(edge.Spent),
            ]))]));
    }

    private static int Keys(CommandContext context, ParseResult parse, IReadOnlyList<BudgetKeyInfo> list)
    {
        var document = new JsonObject { ["keys"] = JsonSerializer.SerializeToNode(list, ContractsJson.Default.IReadOnlyListBudgetKeyInfo) };
        return context.Output(parse).Finish(ExitCodes.Ok, document, _ => TableText.Write(
            context.Host,
            ["KEY", "FROM", "TO", "BUDGET", "EDGES", "GRANTED", "RETURNED", "SPENT"],
            [.. list.Select(item => (IReadOnlyList<string>)
            [
                item.Key, CommandOutput.Show(item.From), CommandOutput.Show(item.To), Number(item.Units),
                item.Edges.ToString(CultureInfo.InvariantCulture), Number(item.Granted), Number(item.Returned), Number(item.Spent),
            ])]));
    }

    private static string Number(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
