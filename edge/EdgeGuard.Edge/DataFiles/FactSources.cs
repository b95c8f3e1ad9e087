using System.Collections.Frozen;
using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Addresses;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.DataFiles;

/// <summary>Where the facts of an address may come from at this edge: a file, or a header of a trusted proxy.</summary>
internal sealed class FactSources
{
    private readonly DataFileSet _files;
    private readonly bool _anyTrusted;
    private readonly string[] _headers;

    public FactSources(EdgeOptions options, DataFileSet files, ClientAddressReader addresses)
    {
        _files = files;
        _anyTrusted = !addresses.Proxies.IsEmpty;
        _headers = [options.FactHeaders.Country, options.FactHeaders.Asn, options.FactHeaders.Type, options.FactHeaders.Tor];
        HeaderNames = _headers.Where(name => name.Length > 0).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Every header that only a trusted proxy may send; from others it is not read and not passed on.</summary>
    public FrozenSet<string> HeaderNames { get; }

    /// <summary>The header for a fact; empty for none.</summary>
    public string HeaderOf(AddressListKind kind) => _headers[(int)kind];

    /// <summary>Facts that a plan reads and nothing at this edge can tell: for their rules they are always missing.</summary>
    public IEnumerable<AddressListKind> Missing(FactPlan plan) =>
        FactNames.All.ToArray().Where(kind => plan.Needs(FactNames.DescriptorOf(kind)) && !IsConfigured(kind));

    /// <summary>Facts that a plan reads and whose file has never been read.</summary>
    public IEnumerable<AddressListKind> Unavailable(FactPlan plan) =>
        _files.Files.Where(file => file.List is null && IsRead(plan, file.Kind)).Select(file => file.Kind);

    /// <summary>A warning for each fact that is always missing.</summary>
    public ImmutableArray<Diagnostic> Warnings(FactPlan plan) => [.. Missing(plan).Select(Warning)];

    // The kind of network may have to be looked up by the autonomous system.
    private static bool IsRead(FactPlan plan, AddressListKind kind) =>
        plan.Needs(FactNames.DescriptorOf(kind))
        || (kind == AddressListKind.Asn && plan.Needs(FactNames.DescriptorOf(AddressListKind.Type)));

    private bool IsConfigured(AddressListKind kind) => _files.Of(kind) is not null || (_anyTrusted && HeaderOf(kind).Length > 0);

    private static Diagnostic Warning(AddressListKind kind)
    {
        var name = kind.ToString().ToLowerInvariant();
        return new Diagnostic(
            EdgeCodes.FactWithoutSource,
            Severity.Warning,
            SourceLocation.None,
            string.Empty,
            $"the bundle reads ip:{name}, and this edge has nothing that tells it: it is missing in every request, and on_missing decides",
            $"name a file in data_files.{name}, or list the proxy that sends fact_headers.{name} in trusted_proxies");
    }
}
