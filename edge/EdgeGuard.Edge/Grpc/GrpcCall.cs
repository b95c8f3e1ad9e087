using Google.Protobuf;

namespace EdgeGuard.Edge.Grpc;

/// <summary>Calls with one message each way.</summary>
internal static class GrpcCall
{
    /// <summary>The message of a call.</summary>
    /// <exception cref="GrpcException">There is none, or it cannot be read.</exception>
    public static async ValueTask<T> ReadAsync<T>(HttpContext context, MessageParser<T> parser)
        where T : class, IMessage<T> =>
        await GrpcMessages.ReadAsync(context.Request.BodyReader, parser, context.RequestAborted)
            ?? throw new GrpcException(GrpcStatus.InvalidArgument, "the call has no message");

    /// <summary>Answers with a message.</summary>
    public static async Task WriteAsync(HttpContext context, IMessage message)
    {
        GrpcMessages.Write(context.Response.BodyWriter, message);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
