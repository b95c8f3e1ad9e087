using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace EdgeGuard.Testing;

/// <summary>Makes calls of gRPC with one message each way, as bytes, over HTTP/2 without TLS.</summary>
public sealed class GrpcCaller(Uri address) : IDisposable
{
    private const int PrefixBytes = 5;

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        Timeout = Eventually.Generous,
    };

    /// <summary>A message with the five bytes before it.</summary>
    public static byte[] Frame(byte[] message)
    {
        ArgumentNullException.ThrowIfNull(message);
        byte[] frame = new byte[PrefixBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, PrefixBytes);
        return frame;
    }

    /// <summary>Calls with one message.</summary>
    public Task<GrpcReply> CallAsync(string method, byte[] message, params (string Name, string Value)[] metadata) => SendAsync(method, Frame(message), metadata);

    /// <summary>Calls with any bytes.</summary>
    public async Task<GrpcReply> SendAsync(string method, byte[] body, params (string Name, string Value)[] metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        using HttpRequestMessage request = new(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        foreach ((string name, string value) in metadata)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await _client.SendAsync(request);
        byte[] answer = await response.Content.ReadAsByteArrayAsync();
        return new GrpcReply(
            int.Parse(One(response, "grpc-status") ?? "-1", System.Globalization.CultureInfo.InvariantCulture),
            One(response, "grpc-message") ?? string.Empty,
            Split(answer));
    }

    public void Dispose() => _client.Dispose();

    private static string? One(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? values) || response.Headers.TryGetValues(name, out values) ? values.Single() : null;

    private static List<byte[]> Split(byte[] answer)
    {
        List<byte[]> messages = [];
        for (int at = 0; at < answer.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(at + 1));
            if (length < 0 || at + PrefixBytes + length > answer.Length)
            {
                throw new InvalidDataException($"the answer ends within a message: {Convert.ToHexString(answer)}");
            }

            messages.Add(answer[(at + PrefixBytes)..(at + PrefixBytes + length)]);
            at += PrefixBytes + length;
        }

        return messages;
    }
}
