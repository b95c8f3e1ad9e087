using System.Buffers;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Edge.Probes;

/// <summary>Which probes can be sent to a listener as they are: those that every client and server writes in the same way.</summary>
internal static class DoorQuestion
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create(Letters + "-.:");
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(Letters + "-");
    private static readonly SearchValues<char> TargetCharacters = SearchValues.Create(Letters + "-._~/?=&+,:;@!$'()*");

    // These say how a message is framed or where it goes, or are written by the messenger.
    private static readonly string[] Framing =
        ["Connection", "Content-Length", "Content-Type", "Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"];

    /// <summary>The first that must be admitted and the first that must be refused, of those that can be sent.</summary>
    public static IEnumerable<ProbeDefinition> Choose(IEnumerable<ProbeDefinition> probes) => probes.Where(CanBeSent).DistinctBy(probe => probe.ExpectsAllow);

    private static bool CanBeSent(ProbeDefinition probe)
    {
        var request = probe.Request;
        return request.Method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS"
            && request.Host.Length > 0
            && !request.Host.AsSpan().ContainsAnyExcept(HostCharacters)
            && request.Path.StartsWith('/')
            && !request.Path.StartsWith("//", StringComparison.Ordinal)
            && !request.Path.Contains("/.", StringComparison.Ordinal)
            && !request.Path.AsSpan().ContainsAnyExcept(TargetCharacters)
            && request.Headers.All(CanBeSent)

            // One that is there twice is joined on its way, or not, as the messenger likes.
            && request.Headers.DistinctBy(header => header.Key, StringComparer.OrdinalIgnoreCase).Count() == request.Headers.Length;
    }

    private static bool CanBeSent(KeyValuePair<string, string> header) =>
        header.Key.Length > 0
        && !header.Key.AsSpan().ContainsAnyExcept(NameCharacters)
        && !header.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
        && !header.Key.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
        && !header.Key.StartsWith("X-EdgeGuard-", StringComparison.OrdinalIgnoreCase)
        && !Framing.Contains(header.Key, StringComparer.OrdinalIgnoreCase)
        && !header.Value.AsSpan().ContainsAnyExceptInRange(' ', '~')
        && header.Value.Trim().Length == header.Value.Length
        && header.Value.Length > 0;
}
