using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Whose client certificates count.</summary>
internal static class CertificatesDiff
{
    private const string Path = "client_certificates";

    public static void Compare(ChangeList changes, ClientCertificatesDefinition? before, ClientCertificatesDefinition? after)
    {
        if (before is null || after is null)
        {
            // Who had no certificate before may come in with one now, and the other way round.
            changes.Value(Path, before?.TrustFile, after?.TrustFile, before is null ? Effects.Loosens : Effects.Tightens);
            return;
        }

        changes.Value(Path + ".trust_file", before.TrustFile, after.TrustFile);
        NameSets.Accepted(changes, Path + ".spiffe_domains", before.SpiffeDomains, after.SpiffeDomains, emptyIsAny: true);
        NameSets.Accepted(changes, Path + ".subjects", before.Subjects, after.Subjects, emptyIsAny: true);
    }
}
