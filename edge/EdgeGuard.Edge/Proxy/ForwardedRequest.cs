using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Proxy;

/// <summary>An admitted request on its way to the upstream.</summary>
/// <param name="Decided">What was decided.</param>
/// <param name="Upload">Watch over its body, or null when it cannot have one.</param>
internal sealed record ForwardedRequest(DecidedRequest Decided, UploadWatch? Upload);
