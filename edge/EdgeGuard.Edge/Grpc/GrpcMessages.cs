using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace EdgeGuard.Edge.Grpc;

/// <summary>Length-prefixed messages of a gRPC call: one byte that says whether it is compressed, four bytes of length, and the message.</summary>
internal static class GrpcMessages
{
    /// <summary>Longest message that is read, in bytes: what gRPC servers take by default.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const int PrefixBytes = 5;

    /// <summary>Reads the next message; null at the end of the call.</summary>
    /// <exception cref="GrpcException">It is too long, compressed, or cut off, or no such message.</exception>
    public static async ValueTask<T?> ReadAsync<T>(PipeReader reader, MessageParser<T> parser, CancellationToken cancellation)
        where T : class, IMessage<T>
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            if (TryTake(buffer, out var message))
            {
                try
                {
                    return parser.ParseFrom(message);
                }
                catch (InvalidProtocolBufferException)
                {
                    throw new GrpcException(GrpcStatus.InvalidArgument, "the message cannot be read");
                }
                finally
                {
                    reader.AdvanceTo(message.End);
                }
            }

            if (read.IsCompleted)
            {
                var isCut = !buffer.IsEmpty;
                reader.AdvanceTo(buffer.End);
                return isCut ? throw new GrpcException(GrpcStatus.InvalidArgument, "the message is cut off") : null;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Writes a message.</summary>
    public static void Write(IBufferWriter<byte> writer, IMessage message)
    {
        var length = message.CalculateSize();
        var prefix = writer.GetSpan(PrefixBytes);
        prefix[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        writer.Advance(PrefixBytes);
        message.WriteTo(writer);
    }

    private static bool TryTake(in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.Length < PrefixBytes)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        if (prefix[0] != 0)
        {
            throw new GrpcException(GrpcStatus.Unimplemented, "compressed messages are not read");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > MaxBytes)
        {
            throw new GrpcException(GrpcStatus.ResourceExhausted, $"the message is longer than {MaxBytes} bytes");
        }

        if (buffer.Length - PrefixBytes < length)
        {
            return false;
        }

        message = buffer.Slice(PrefixBytes, length);
        return true;
    }
}
