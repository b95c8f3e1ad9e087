using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Output;

namespace EdgeGuard.Cli.Commands.Bundle;

/// <summary><c>edgeguard test FILE</c>: runs the tests inside a bundle and lists each.</summary>
internal static class TestCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("file") { Description = "Bundle, YAML or JSON" };
        var command = new Command("test", "Run the tests inside a bundle, in virtual time.") { file };
        command.SetAction(parse => Run(context, parse, parse.GetRequiredValue(file)));
        return command;
    }

    private static int Run(CommandContext context, ParseResult parse, string file)
    {
        var build = BundleFiles.Build(context.Host, file);
        var passed = build.Tests.Count(test => test.Passed);
        var failed = build.Tests.Length - passed;
        var exitCode = failed > 0 || BundleFiles.HasErrors(build) ? ExitCodes.Findings : ExitCodes.Ok;
        var document = new JsonObject
        {
            ["file"] = file,
            ["passed"] = passed,
            ["failed"] = failed,
            ["tests"] = new JsonArray([.. build.Tests.Select(test => new JsonObject
            {
                ["name"] = test.Name,
                ["passed"] = test.Passed,
                ["failures"] = new JsonArray([.. test.Failures.Select(failure => JsonValue.Create(failure.Message))]),
            })]),
        };
        return context.Output(parse).Finish(exitCode, document, output =>
        {
            foreach (var test in build.Tests)
            {
                output.WriteLine($"{(test.Passed ? "ok    " : "failed")} {Printable.Clean(test.Name)}");
            }

            output.WriteLine(build.Tests.IsEmpty ? "no tests ran" : $"{passed} passed, {failed} failed");
        }, build.Diagnostics);
    }
}
