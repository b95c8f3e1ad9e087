using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Lint;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>From text to a valid <see cref="PolicyDocument"/> or to every reason why not.</summary>
public static class BundleReader
{
    /// <summary>Reads YAML or JSON and validates.</summary>
    public static BundleReadResult Read(ReadOnlyMemory<byte> text, string fileName, ValidationContext context)
    {
        var read = NodeReader.Read(text, fileName, ReadLimits.Bundle);
        if (read.Root is null)
        {
            return new BundleReadResult(null, null, read.Diagnostics);
        }

        var bound = Bind(read.Root, context);
        return read.Diagnostics.IsEmpty
            ? bound
            : bound with
            {
                Document = read.Diagnostics.Any(d => d.Severity == Severity.Error) ? null : bound.Document,
                Diagnostics = read.Diagnostics.AddRange(bound.Diagnostics),
            };
    }

    /// <summary>Validates and binds a document already read.</summary>
    public static BundleReadResult Bind(Node root, ValidationContext context)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(context);
        var findings = new Findings();
        var dialect = root["format"] is null && root.Kind == NodeKind.Map ? DocumentFormat.Peer : DocumentFormat.Native;
        if (dialect == DocumentFormat.Peer && !context.AcceptPeerDialect)
        {
            findings.Error(
                PeerCodes.DialectNotAccepted,
                root.Location,
                "format",
                "the document has no format, and documents in the peer's dialect are not accepted here",
                $"write format: {BundleShapes.NativeFormat} as its first line");
            return new BundleReadResult(null, root, findings.InDocumentOrder());
        }

        new StructureValidator(dialect, context, findings).Check(root, BundleShapes.Bundle);
        var view = new DocumentView(root, dialect);
        SemanticValidators.Check(view, context, findings);
        BundleLint.Check(view, findings);
        var document = findings.HasErrors ? null : new DocumentBinder(dialect).Bind(root);
        return new BundleReadResult(document, root, findings.InDocumentOrder());
    }

    /// <summary>Reads a whole set of pushed or local kill switches: JSON <c>{"kill_switches": [...]}</c>, entries as in a bundle.</summary>
    public static (ImmutableArray<KillSwitchDefinition> Switches, ImmutableArray<Diagnostic> Diagnostics) ReadKillSwitches(
        ReadOnlyMemory<byte> json, string fileName)
    {
        var (root, diagnostics) = ReadSet(json, fileName, BundleShapes.KillSwitchSet, SemanticValidators.CheckKillSwitchSet);
        return (root is null ? [] : KillSwitchBinder.Bind(root["kill_switches"]), diagnostics);
    }

    /// <summary>Reads a whole set of pushed API keys: JSON <c>{"api_keys": [...]}</c>, entries as in a bundle.</summary>
    public static (ImmutableArray<ApiKeyDefinition> Keys, ImmutableArray<Diagnostic> Diagnostics) ReadApiKeys(
        ReadOnlyMemory<byte> json, string fileName)
    {
        var (root, diagnostics) = ReadSet(json, fileName, BundleShapes.ApiKeySet, SemanticValidators.CheckApiKeySet);
        return (root is null ? [] : DocumentBinder.Each(root["api_keys"], IdentityBinder.BindApiKey), diagnostics);
    }

    /// <summary>Reads a whole set of pushed revocations: JSON <c>{"revocations": {...}}</c>, as in a bundle.</summary>
    public static (RevocationsDefinition Revocations, ImmutableArray<Diagnostic> Diagnostics) ReadRevocations(
        ReadOnlyMemory<byte> json, string fileName)
    {
        var (root, diagnostics) = ReadSet(json, fileName, BundleShapes.RevocationSet, static (_, _) => { });
        return (root is null ? RevocationsDefinition.None : IdentityBinder.BindRevocations(root["revocations"]), diagnostics);
    }

    /// <summary>Reads requests that are to be decided without an edge: one request as in a policy test, or <c>steps</c> of them.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="fileName">Name shown in findings.</param>
    /// <param name="start">Virtual time of the first one, when the file does not say it.</param>
    /// <returns>The requests as a test that expects nothing, or null with every reason why not.</returns>
    public static (PolicyTest? Requests, ImmutableArray<Diagnostic> Diagnostics) ReadRequests(
        ReadOnlyMemory<byte> text, string fileName, DateTimeOffset start)
    {
        var read = NodeReader.Read(text, fileName, ReadLimits.Bundle);
        if (read.Root is not { } root)
        {
            return (null, read.Diagnostics);
        }

        var findings = new Findings();
        foreach (var diagnostic in read.Diagnostics)
        {
            findings.Add(diagnostic);
        }

        var shape = root.Kind == NodeKind.Map && root["steps"] is not null ? TestShapes.RequestFile : TestShapes.Request;
        new StructureValidator(DocumentFormat.Native, ValidationContext.Unknown, findings).Check(root, shape);
        return (findings.HasErrors ? null : TestBinder.BindRequests(root, start), findings.InDocumentOrder());
    }

    /// <summary>Writes a set of kill switches as canonical JSON that <see cref="ReadKillSwitches"/> reads.</summary>
    public static byte[] WriteKillSwitches(IEnumerable<KillSwitchDefinition> switches)
    {
        ArgumentNullException.ThrowIfNull(switches);
        return CanonicalJson.Write(KillSwitchWriter.ToNode(switches));
    }

    /// <summary>Writes a set of API keys as canonical JSON that <see cref="ReadApiKeys"/> reads.</summary>
    public static byte[] WriteApiKeys(IEnumerable<ApiKeyDefinition> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return CanonicalJson.Write(IdentitySetWriter.ToNode(keys));
    }

    /// <summary>Writes a set of revocations as canonical JSON that <see cref="ReadRevocations"/> reads.</summary>
    public static byte[] WriteRevocations(RevocationsDefinition revocations)
    {
        ArgumentNullException.ThrowIfNull(revocations);
        return CanonicalJson.Write(IdentitySetWriter.ToNode(revocations));
    }

    private static (Node? Root, ImmutableArray<Diagnostic> Diagnostics) ReadSet(
        ReadOnlyMemory<byte> json, string fileName, ObjectShape shape, Action<Node, Findings> check)
    {
        var read = NodeReader.ReadJson(json, fileName, ReadLimits.Bundle);
        if (read.Root is null)
        {
            return (null, read.Diagnostics);
        }

        var findings = new Findings();
        foreach (var diagnostic in read.Diagnostics)
        {
            findings.Add(diagnostic);
        }

        new StructureValidator(DocumentFormat.Native, ValidationContext.Unknown, findings).Check(read.Root, shape);
        check(read.Root, findings);
        return (findings.HasErrors ? null : read.Root, findings.InDocumentOrder());
    }
}
