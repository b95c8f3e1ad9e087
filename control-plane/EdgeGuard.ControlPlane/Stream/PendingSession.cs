using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>A session that was granted and whose challenge is not answered yet.</summary>
internal sealed record PendingSession(string EdgeId, string Challenge, DateTimeOffset ValidUntil, SessionRequest Request, long SkewMilliseconds);
