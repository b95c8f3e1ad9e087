using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Key;

/// <summary>Hands out an API key, the one time that it is shown.</summary>
internal static class ApiKeyOutput
{
    public static Option<string?> OutOption() => new("--out", "-o") { Description = "Write the key to this file (mode 0600) instead of printing it" };

    public static int Finish(CommandContext context, ParseResult parse, NewApiKey made, string? path)
    {
        var document = new JsonObject { ["key"] = JsonSerializer.SerializeToNode(made.Key, ContractsJson.Default.ApiKeyInfo) };
        if (made.PreviousExpiresAt is not null)
        {
            document["previous_expires_at"] = CommandOutput.Show(made.PreviousExpiresAt);
        }

        if (path is not null)
        {
            CliFiles.Write(context.Host, path, Encoding.ASCII.GetBytes(made.Value + "\n"), isSecret: true);
            document["out"] = path;
        }
        else
        {
            document["value"] = made.Value;
        }

        return context.Output(parse).Finish(ExitCodes.Ok, document, text =>
        {
            text.WriteLine(path is null ? Printable.Clean(made.Value) : $"{path}: the key, readable by you only");
            text.Flush();
            var error = context.Host.Error;
            error.WriteLine($"key {Printable.Clean(made.Key.Id)} of {Printable.Clean(made.Key.Organization)} is shown this once; only its digest is kept");
            if (made.PreviousExpiresAt is not null)
            {
                error.WriteLine($"the key before stays valid until {CommandOutput.Show(made.PreviousExpiresAt)}");
            }
        });
    }
}
