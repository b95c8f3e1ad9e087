using System.CommandLine;
using EdgeGuard.Cli.Commands.Audit;
using EdgeGuard.Cli.Commands.Budget;
using EdgeGuard.Cli.Commands.Bundle;
using EdgeGuard.Cli.Commands.Config;
using EdgeGuard.Cli.Commands.ControlPlane;
using EdgeGuard.Cli.Commands.Edge;
using EdgeGuard.Cli.Commands.Explain;
using EdgeGuard.Cli.Commands.Key;
using EdgeGuard.Cli.Commands.Kill;
using EdgeGuard.Cli.Commands.Revoke;
using EdgeGuard.Cli.Commands.Shell;

namespace EdgeGuard.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    public static RootCommand Create(CliHost host)
    {
        var context = new CommandContext(host, new Option<bool>("--json")
        {
            Description = "One JSON document on standard output",
            Recursive = true,
        });
        return new RootCommand("Policies for the edge: write, test, sign, publish, stop traffic.")
        {
            context.Json,
            InitCommand.Create(context),
            ValidateCommand.Create(context),
            TestCommand.Create(context),
            SignCommand.Create(context),
            VerifyCommand.Create(context),
            new Command("key", "API keys of callers, and site keys for standalone edges.")
            {
                CreateCommand.Create(context),
                ListCommand.Create(context),
                RotateCommand.Create(context),
                RevokeCommand.Create(context),
                NewCommand.Create(context),
            },
            ConnectCommand.Create(context),
            PushCommand.Create(context),
            StatusCommand.Create(context),
            ExplainCommand.Create(context),
            new Command("edge", "Edges of the organization.")
            {
                AddEdgeCommand.Create(context),
                ListEdgesCommand.Create(context),
                RotateTokenCommand.Create(context),
                EgressCommand.Create(context),
            },
            new Command("kill", "Kill switches: refuse matching traffic at once.")
            {
                AddKillCommand.Create(context),
                ListKillsCommand.Create(context),
                RemoveKillCommand.Create(context),
            },
            new Command("revoke", "Revocations: void credentials at once.")
            {
                AddRevocationCommand.Create(context),
                ListRevocationsCommand.Create(context),
                RemoveRevocationCommand.Create(context),
            },
            new Command("budget", "Fleet-wide budgets.") { ListBudgetsCommand.Create(context) },
            new Command("config", "Options of an edge or control plane.") { ShowConfigCommand.Create(context) },
            new Command("audit", "The audit log.") { ListAuditCommand.Create(context) },
            VersionCommand.Create(context),
            CompletionCommand.Create(context),
        };
    }
}
