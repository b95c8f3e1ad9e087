using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using Microsoft.Net.Http.Headers;

namespace EdgeGuard.Edge.Answers;

/// <summary>Finds what the answer to a request tells in addition: security headers and CORS.</summary>
internal sealed class AnswerReader(ClientScheme scheme)
{
    /// <summary>The fields. Allocates nothing once they were made.</summary>
    /// <param name="head">The request's head.</param>
    /// <param name="snapshot">What it is decided by.</param>
    /// <param name="match">Which policies say something.</param>
    public AnswerFields Read<THead>(in THead head, PolicySnapshot snapshot, in DoorMatch match)
        where THead : IRequestHead =>
        snapshot.AnswerFor(in match, match.Cors == Decision.None ? default : OriginOf(head), scheme.IsSecure(head));

    /// <summary>The answer to a preflight, and whether its origin may call.</summary>
    public (AnswerFields Fields, bool IsAllowed) ReadPreflight<THead>(in THead head, PolicySnapshot snapshot, in DoorMatch match)
        where THead : IRequestHead => snapshot.PreflightFor(in match, OriginOf(head), scheme.IsSecure(head));

    // Several are no browser's.
    private static ReadOnlySpan<char> OriginOf<THead>(in THead head)
        where THead : IRequestHead => head.CountOf(HeaderNames.Origin) == 1 ? head.LineOf(HeaderNames.Origin, 0) : default;
}
