using System.Security.Cryptography;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.ControlPlane.Policies;

/// <summary>
/// A bundle as somebody pushed it. The version is the control plane's to give, so it is set in the document before anything is
/// judged; what is judged, tested and published are exactly the bytes that edges will get.
/// </summary>
internal sealed class BundleDraft
{
    private const string VersionField = "bundle_version";

    private readonly Node? _root;

    private BundleDraft(Node? root, IReadOnlyList<Diagnostic> diagnostics)
    {
        _root = root;
        Diagnostics = diagnostics;
        ContentDigest = root is null ? string.Empty : Digest(CanonicalJson.Write(WithVersion(root, null)));
    }

    /// <summary>Why the text could not be read; empty when it could.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>SHA-256 of the document without its version: tells whether anything changes.</summary>
    public string ContentDigest { get; }

    /// <summary>Reads YAML or JSON.</summary>
    public static BundleDraft Read(ReadOnlyMemory<byte> text, string fileName)
    {
        var read = NodeReader.Read(text, fileName, ReadLimits.Bundle);
        return new BundleDraft(read.Root, read.Diagnostics);
    }

    /// <summary>Validates, compiles and tests it as a version, with the compiler of the edge. One that edges would find expired is refused too.</summary>
    public BundleBuild Build(long version, DateTimeOffset now)
    {
        if (_root is null)
        {
            return new BundleBuild { Diagnostics = [.. Diagnostics] };
        }

        var root = WithVersion(_root, version);
        var bound = BundleReader.Bind(root, ValidationContext.Unknown);
        if (bound.Document is null)
        {
            return new BundleBuild { Diagnostics = bound.Diagnostics };
        }

        // Findings about the canonical form have places in a text that nobody wrote: show them where the author wrote it.
        var built = BundleBuilder.Build(CanonicalJson.Write(root), "bundle", ValidationContext.Unknown);
        var findings = built.Diagnostics.Select(diagnostic => diagnostic with { Location = NodePlaces.Find(root, diagnostic.Path) });
        return built.Document?.ExpiresAt is { } expires && expires <= now
            ? built with { Policy = null, Diagnostics = [Expired(root), .. findings] }
            : built with { Diagnostics = [.. findings] };
    }

    /// <summary>SHA-256, lower-case hex.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static Diagnostic Expired(Node root)
    {
        const string Field = "expires_at";
        return new Diagnostic(
            ControlPlaneCodes.BundleExpired,
            Severity.Error,
            root[Field]!.Location,
            Field,
            $"'{root[Field]!.Text}' has passed, so no edge would take this bundle",
            "write a later time, or leave expires_at out");
    }

    private static Node WithVersion(Node root, long? version)
    {
        if (root.Kind is not NodeKind.Map)
        {
            return root;
        }

        var entries = root.Entries.Where(entry => !string.Equals(entry.Key, VersionField, StringComparison.Ordinal)).ToList();
        if (version is { } number)
        {
            var place = root[VersionField]?.Location ?? root.Location;
            entries.Add(new NodeEntry(VersionField, place, Node.OfInteger(number, number.ToString(System.Globalization.CultureInfo.InvariantCulture), place)));
        }

        return Node.OfMap(entries, root.Location);
    }
}
