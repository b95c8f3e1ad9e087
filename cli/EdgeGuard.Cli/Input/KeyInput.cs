using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Cli.Input;

/// <summary>The site key of a command: from a file, or from the environment.</summary>
internal static class KeyInput
{
    private const string Variable = "EDGEGUARD_SIGNING_KEY";

    public static SigningKey Read(CliHost host, string? keyFile)
    {
        keyFile ??= host.Variable(Variable) is null ? host.Variable(Variable + "_FILE") : null;
        var text = keyFile is not null ? CliFiles.ReadSecret(host, keyFile) : host.Variable(Variable)?.Trim();
        var place = keyFile ?? Variable;
        if (text is null)
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.KeyUnusable, "--key-file", "no signing key is given",
                $"name its file with --key-file, or set {Variable}; `edgeguard key new` makes one");
        }

        // The parser's words never hold the key.
        return SigningKey.TryParse(text, out var key, out var error) ? key! : throw new CliFailureException(
            ExitCodes.Usage, CliCodes.KeyUnusable, place == "-" ? "standard input" : place, error, "a key reads kid:base64url; `edgeguard key new` makes one");
    }
}
