namespace EdgeGuard.Edge.Pipeline;

/// <summary>As <see cref="OriginalRequest"/>, without text of its own: valid as long as what it was cut from.</summary>
internal readonly ref struct RequestLine(ReadOnlySpan<char> method, ReadOnlySpan<char> host, ReadOnlySpan<char> target)
{
    /// <summary>Method as received.</summary>
    public ReadOnlySpan<char> Method { get; } = method;

    /// <summary>Host as received, with port; empty for none.</summary>
    public ReadOnlySpan<char> Host { get; } = host;

    /// <summary>Request target as received.</summary>
    public ReadOnlySpan<char> Target { get; } = target;
}
