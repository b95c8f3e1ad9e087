namespace EdgeGuard.Edge.Grpc;

/// <summary>A call that cannot be answered with a message.</summary>
internal sealed class GrpcException(GrpcStatus status, string message) : Exception(message)
{
    /// <summary>Status that the caller is told, with the message.</summary>
    public GrpcStatus Status { get; } = status;
}
