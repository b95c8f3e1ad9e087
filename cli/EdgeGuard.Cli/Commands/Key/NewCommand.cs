using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Cli.Input;

namespace EdgeGuard.Cli.Commands.Key;

/// <summary><c>edgeguard key new</c>: a fresh site key, shown once.</summary>
internal static class NewCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Option<string?>("--id") { Description = "Key id, 1 to 64 of A-Z a-z 0-9 . _ -; a dated one by default" };
        var output = new Option<string?>("--out", "-o") { Description = "File to write, mode 0600, instead of printing" };
        var command = new Command("new", "Make a site key, which signs bundles for standalone edges. Not an API key: `key create` makes those.") { id, output };
        command.SetAction(parse => Run(context, parse, parse.GetValue(id), parse.GetValue(output)));
        return command;
    }

    private static int Run(CommandContext context, ParseResult parse, string? id, string? output)
    {
        var host = context.Host;
        id ??= $"site-{host.Time.GetUtcNow():yyyyMMdd}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        SigningKey key;
        try
        {
            key = new SigningKey(id, RandomNumberGenerator.GetBytes(SigningKey.MinBytes));
        }
        catch (ArgumentException)
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, "--id", $"`{id}` cannot be the id of a key",
                "use 1 to 64 of A-Z a-z 0-9 . _ -");
        }

        var text = key.Export();
        if (output is null)
        {
            return context.Output(parse).Finish(ExitCodes.Ok, new JsonObject { ["kid"] = key.Id, ["key"] = text }, writer => writer.WriteLine(text));
        }

        CliFiles.Write(host, output, Encoding.ASCII.GetBytes(text + "\n"), isSecret: true);
        return context.Output(parse).Finish(ExitCodes.Ok, new JsonObject { ["kid"] = key.Id, ["out"] = output },
            writer => writer.WriteLine($"{output}: key {key.Id}, readable by you only"));
    }
}
