using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bundles;

/// <summary>
/// Resolves <c>${env:NAME}</c> and <c>${file:/path}</c> where a bundle may use them, through the allow-lists of the options. What they resolve to
/// is never shown.
/// </summary>
internal sealed class ReferenceResolver(EdgeOptions options, Func<string, string?> environment)
{
    /// <summary>Longest file that a reference may name; a secret or an address is far shorter.</summary>
    private const int MaxFileBytes = 64 * 1024;

    /// <summary>The issuers with their references resolved; a problem for each that could not be.</summary>
    public ImmutableArray<IssuerDefinition> Resolve(ImmutableArray<IssuerDefinition> issuers, ImmutableArray<Diagnostic>.Builder problems)
    {
        var resolved = ImmutableArray.CreateBuilder<IssuerDefinition>(issuers.Length);
        foreach (var issuer in issuers)
        {
            resolved.Add(issuer with { JwksUrl = Resolve(issuer.JwksUrl, $"issuers.{issuer.Id}.jwks_url", problems) });
        }

        return resolved.ToImmutable();
    }

    private string? Resolve(string? text, string path, ImmutableArray<Diagnostic>.Builder problems)
    {
        if (text is not ['$', '{', .. var inner, '}'])
        {
            return text;
        }

        var value = inner.StartsWith("env:", StringComparison.Ordinal) ? FromEnvironment(inner["env:".Length..])
            : inner.StartsWith("file:", StringComparison.Ordinal) ? FromFile(inner["file:".Length..])
            : null;
        if (string.IsNullOrWhiteSpace(value))
        {
            problems.Add(new Diagnostic(
                EdgeCodes.ReferenceNotResolved,
                Severity.Error,
                SourceLocation.None,
                path,
                $"the reference {text} is not allowed by the options, or names nothing",
                "allow it in references.env or references.files of the edge's options and give it a value"));
        }

        return value?.Trim();
    }

    private string? FromEnvironment(string name) =>
        options.ReferenceEnvironment.Contains(name, StringComparer.Ordinal) ? environment(name) : null;

    private string? FromFile(string path)
    {
        // The path is compared after its dot segments are gone, so that a prefix cannot be left again with "..".
        var full = Path.GetFullPath(path);
        var allowed = options.ReferenceFiles.Any(prefix =>
            full.StartsWith(Path.TrimEndingDirectorySeparator(prefix) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || string.Equals(full, prefix, StringComparison.Ordinal));
        if (!allowed || !File.Exists(full) || new FileInfo(full).Length > MaxFileBytes)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(full);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
