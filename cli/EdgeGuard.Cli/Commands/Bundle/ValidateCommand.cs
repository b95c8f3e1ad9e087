using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Cli.Commands.Bundle;

/// <summary><c>edgeguard validate FILE...</c>: every finding, and the bundle's own tests.</summary>
internal static class ValidateCommand
{
    public static Command Create(CommandContext context)
    {
        var files = new Argument<string[]>("file") { Description = "Bundles, YAML or JSON", Arity = ArgumentArity.OneOrMore };
        var strict = new Option<bool>("--strict") { Description = "Warnings are findings too" };
        var command = new Command("validate", "Check bundles and run their own tests.") { files, strict };
        command.SetAction(parse => Run(context, parse, parse.GetRequiredValue(files), parse.GetValue(strict)));
        return command;
    }

    private static int Run(CommandContext context, ParseResult parse, string[] files, bool strict)
    {
        var problems = new List<Diagnostic>();
        var documents = new JsonArray();
        var lines = new List<string>();
        var failed = false;
        foreach (var file in files)
        {
            var build = BundleFiles.Build(context.Host, file);
            var warnings = build.Diagnostics.Count(problem => problem.Severity == Severity.Warning);
            var errors = build.Diagnostics.Count(problem => problem.Severity == Severity.Error);
            var valid = !BundleFiles.HasErrors(build) && !(strict && warnings > 0);
            failed |= !valid;
            problems.AddRange(build.Diagnostics);
            var tests = build.Tests;
            documents.Add(new JsonObject
            {
                ["file"] = file,
                ["valid"] = valid,
                ["digest"] = build.Digest,
                ["policies"] = build.Document?.Policies.Length ?? 0,
                ["tests"] = tests.Length,
                ["tests_passed"] = tests.Count(test => test.Passed),
                ["errors"] = errors,
                ["warnings"] = warnings,
            });
            lines.Add(valid
                ? $"{file}: valid, {Count(build.Document!.Policies.Length, "policy", "policies")}, {Count(tests.Length, "test", "tests")} passed{Suffix(warnings)}"
                : $"{file}: refused, {Count(errors, "error", "errors")}{Suffix(warnings)}");
        }

        return context.Output(parse).Finish(failed ? ExitCodes.Findings : ExitCodes.Ok, new JsonObject { ["files"] = documents },
            output => lines.ForEach(output.WriteLine), problems);
    }

    private static string Suffix(int warnings) => warnings == 0 ? string.Empty : ", " + Count(warnings, "warning", "warnings");

    private static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
