using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bundles;

/// <summary>The keys of the options that bundles are verified with.</summary>
internal static class ConfiguredKeys
{
    /// <summary>Reads them.</summary>
    /// <exception cref="StartException">One cannot be read (EG3209).</exception>
    public static SigningKey[] Read(EdgeOptions options)
    {
        var keys = new List<SigningKey>();
        foreach (var text in options.SigningKey?.Reveal().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (!SigningKey.TryParse(text, out var key, out var error))
            {
                throw new StartException(ExitCode.Usage, [new Diagnostic(
                    EdgeCodes.BadSigningKey,
                    Severity.Error,
                    SourceLocation.None,
                    "signing_key",
                    $"a signing key cannot be read: {error}",
                    "write it as kid:base64url, as `edgeguard edge add` shows it")]);
            }

            keys.Add(key!);
        }

        return [.. keys];
    }
}
