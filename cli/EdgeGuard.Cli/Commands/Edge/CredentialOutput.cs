using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Edge;

/// <summary>Hands out an edge's credentials, the one time that they are shown.</summary>
internal static class CredentialOutput
{
    public static Option<string?> OutOption() => new("--out", "-o") { Description = "Write them to this file (mode 0600, NAME=value) instead of printing" };

    /// <summary>Checked before anything is created: credentials that cannot be written would be lost.</summary>
    public static void RefuseExisting(CliHost host, string? path)
    {
        if (path is not null && Path.Exists(host.Resolve(path)))
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.FileExists, path, "the file exists already, and nothing was done",
                "choose another name, or move the file away");
        }
    }

    public static int Finish(CommandContext context, ParseResult parse, EdgeCredentials credentials, string? path)
    {
        var lines = new List<string> { $"EDGEGUARD_EDGE_ID={credentials.EdgeId}", $"EDGEGUARD_EDGE_TOKEN={credentials.EdgeToken}" };
        if (credentials.SigningKey is not null)
        {
            lines.Add($"EDGEGUARD_SIGNING_KEY={credentials.SigningKey}");
        }

        var document = new JsonObject { ["edge_id"] = credentials.EdgeId };
        if (credentials.PreviousTokenValidUntil is not null)
        {
            document["previous_token_valid_until"] = CommandOutput.Show(credentials.PreviousTokenValidUntil);
        }

        var output = context.Output(parse);
        if (path is not null)
        {
            CliFiles.Write(context.Host, path, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), isSecret: true);
            document["out"] = path;
            return output.Finish(ExitCodes.Ok, document, text => Explain(text, credentials, $"{path}: credentials of {credentials.EdgeId}, readable by you only"));
        }

        document["edge_token"] = credentials.EdgeToken;
        document["signing_key"] = credentials.SigningKey;
        return output.Finish(ExitCodes.Ok, document, text =>
        {
            lines.ForEach(text.WriteLine);
            text.Flush();
            Explain(context.Host.Error, credentials, "shown this once: keep them where the edge reads them");
        });
    }

    private static void Explain(TextWriter writer, EdgeCredentials credentials, string line)
    {
        writer.WriteLine(line);
        if (credentials.PreviousTokenValidUntil is not null)
        {
            writer.WriteLine($"the token before stays valid until {CommandOutput.Show(credentials.PreviousTokenValidUntil)}");
        }
    }
}
