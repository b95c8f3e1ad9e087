using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Decide;

/// <summary>A request as a view of bytes, filled by each door in its own way. Lives on the stack for one decision.</summary>
public readonly ref struct RequestView
{
    /// <summary>A view.</summary>
    /// <param name="method">Method as received (case-sensitive).</param>
    /// <param name="host">Normalized by <see cref="Matching.HostNormalizer"/>; empty for none.</param>
    /// <param name="path">Canonical, by <see cref="Matching.PathCanonicalizer"/>; starts with a slash.</param>
    /// <param name="facts">Begun with the snapshot's plan and filled.</param>
    /// <param name="query">Query as received, without its question mark; empty for none.</param>
    public RequestView(
        ReadOnlySpan<byte> method, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, FactSet facts, ReadOnlySpan<byte> query = default)
    {
        Query = query;
        Method = method;
        Host = host;
        Path = path;
        Facts = facts;
    }

    public ReadOnlySpan<byte> Method { get; }

    public ReadOnlySpan<byte> Host { get; }

    public ReadOnlySpan<byte> Path { get; }

    public FactSet Facts { get; }

    public ReadOnlySpan<byte> Query { get; }
}
