namespace EdgeGuard.Testing;

/// <summary>What a call of gRPC was answered with.</summary>
/// <param name="Status">Its status; 0 is good.</param>
/// <param name="Message">What a failure says.</param>
/// <param name="Messages">The messages.</param>
public sealed record GrpcReply(int Status, string Message, IReadOnlyList<byte[]> Messages);
