using System.CommandLine;
using EdgeGuard.Cli.Input;

namespace EdgeGuard.Cli.Commands.Kill;

/// <summary>What a kill switch hits: <c>header:x-api-key=VALUE</c>, or descriptor and value apart.</summary>
internal sealed class KillScope
{
    public Argument<string?> Both { get; } = new("scope") { Description = "DESCRIPTOR=VALUE, such as header:x-api-key=VALUE", Arity = ArgumentArity.ZeroOrOne };

    public Option<string?> Key { get; } = new("--scope") { Description = "Descriptor, such as jwt:org" };

    public Option<string?> Value { get; } = new("--value") { Description = "Value to refuse" };

    public Option<string?> ValueFile { get; } = new("--value-file") { Description = "File with the value, - for standard input: keeps a key out of the shell's history" };

    public (string Key, string Value) Read(ParseResult parse, CliHost host)
    {
        var both = parse.GetValue(Both);
        var key = parse.GetValue(Key);
        var value = parse.GetValue(ValueFile) is { } file ? CliFiles.ReadSecret(host, file) : parse.GetValue(Value);
        if (both is not null)
        {
            var equals = both.IndexOf('=', StringComparison.Ordinal);
            if (key is not null || (equals >= 0 && value is not null))
            {
                throw Wrong("the scope is given twice");
            }

            key = equals < 0 ? both : both[..equals];
            value = equals < 0 ? value : both[(equals + 1)..];
        }

        return string.IsNullOrEmpty(key) || string.IsNullOrEmpty(value) ? throw Wrong("descriptor and value are needed") : (key, value);
    }

    private static CliFailureException Wrong(string message) => new(ExitCodes.Usage, CliCodes.BadValue, "edgeguard kill add", message,
        "write header:x-api-key=VALUE, or --scope header:x-api-key --value VALUE");
}
