namespace EdgeGuard.Testing;

/// <summary>What a <see cref="FakeUpstream"/> saw of one request.</summary>
/// <param name="Method">Method.</param>
/// <param name="RawTarget">Request target as it stood on the wire.</param>
/// <param name="Headers">All headers, names compared without case; several values joined by a comma.</param>
/// <param name="Body">Body.</param>
public sealed record ReceivedRequest(string Method, string RawTarget, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Host => Headers.GetValueOrDefault("Host", string.Empty);
}
