using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Identity.Certificates;
using EdgeGuard.Identity.Keys;

namespace EdgeGuard.Identity;

/// <summary>
/// Looks once into the files that a bundle names, before it comes into force: later they are only read, and what was good before stays in use.
/// </summary>
public static class ReferencedFiles
{
    /// <summary>What is wrong with each file; of the severity given, because a bundle that worked before must come back even if a file is not there yet.</summary>
    /// <param name="sources">Who may call, references resolved.</param>
    /// <param name="severity">How bad it is.</param>
    public static ImmutableArray<Diagnostic> Check(IdentitySources sources, Severity severity)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        if (sources.Certificates is { } certificates && TrustFile.ProblemOf(certificates.TrustFile) is { } why)
        {
            found.Add(new Diagnostic(
                IdentityCodes.TrustFileUnusable,
                severity,
                SourceLocation.None,
                "client_certificates.trust_file",
                $"the file of authorities cannot be used: {why}",
                "write the accepted authorities into it as PEM, and let the edge's user read it"));
        }

        foreach (var issuer in sources.Issuers.Where(issuer => issuer.JwksFile is not null))
        {
            var read = FileKeySetSource.Read(issuer.Id, issuer.JwksFile!);
            if (read.Keys is null)
            {
                found.AddRange(read.Problems.Select(problem => problem with { Severity = severity, Path = $"issuers.{issuer.Id}.jwks_file" }));
            }
        }

        return found.ToImmutable();
    }
}
