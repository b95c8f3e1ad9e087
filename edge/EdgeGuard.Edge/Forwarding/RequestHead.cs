using System.Text;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Tracing;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>Writes the head of a request as an upstream gets it: the matched target, the client's headers without those of its connection, and what the edge tells.</summary>
/// <param name="peer">Address of the client's connection as text; empty for none.</param>
/// <param name="node">The same as a node of <c>Forwarded</c> (RFC 7239 section 6).</param>
internal sealed class RequestHead(string peer, string node)
{
    private const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedProto = "X-Forwarded-Proto";
    private const string ForwardedHost = "X-Forwarded-Host";

    /// <summary>Room for what has no length of its own.</summary>
    private const int FixedBytes = 512;

    private enum Kind : byte
    {
        Other,
        Skipped,
        ForwardedFor,
        ForwardedProto,
        ForwardedHost,
        Forwarded,
        Content,
    }

    /// <summary>Most bytes that <see cref="Write"/> needs.</summary>
    public int Room(LaneRequest request, ReadOnlySpan<byte> target, byte[] prefix, in DecidedRequest decided)
    {
        var room = FixedBytes + request.HeadLength + request.Host.Length + (2 * peer.Length) + node.Length + target.Length + prefix.Length;
        foreach (var (name, value) in decided.Identity)
        {
            room += name.Length + value.Length + 4;
        }

        return room;
    }

    /// <summary>Writes the head; its length.</summary>
    /// <param name="room">Where to.</param>
    /// <param name="request">The client's request.</param>
    /// <param name="target">The target that was decided on.</param>
    /// <param name="prefix">What the upstream's address puts before it.</param>
    /// <param name="decided">The decision.</param>
    /// <param name="trusts">Whether the client is a trusted proxy.</param>
    /// <param name="plain">Whether the answer must come uncompressed.</param>
    public int Write(
        Span<byte> room, LaneRequest request, ReadOnlySpan<byte> target, byte[] prefix, in DecidedRequest decided, bool trusts, bool plain)
    {
        var writer = new AnswerWriter(room);
        writer.Put(request.Method);
        writer.Put(" "u8);
        writer.Put(prefix);
        writer.Put(target);
        writer.Put(" HTTP/1.1\r\nHost: "u8);
        writer.Put(request.Host);
        writer.Put("\r\n"u8);
        var told = Kind.Other;
        var (hasFor, hasProto, hasHost, hasContent) = (false, false, false, false);
        for (var i = 0; i < request.Count; i++)
        {
            told = request.IsDropped(i) ? Kind.Skipped : KindOf(request.NameAt(i), decided.Trace.Context.IsContinued, plain);
            if (told == Kind.Skipped)
            {
                continue;
            }

            hasProto |= told == Kind.ForwardedProto;
            hasHost |= told == Kind.ForwardedHost;
            hasContent |= told == Kind.Content;
            writer.Put(request.NameAt(i));
            writer.Put(": "u8);
            writer.Put(request.ValueAt(i));
            if (told == Kind.ForwardedFor)
            {
                hasFor = true;
                writer.Put(request.ValueAt(i).IsEmpty || peer.Length == 0 ? string.Empty : ", ");
                writer.Put(peer);
            }
            else if (told == Kind.Forwarded && trusts && node.Length > 0)
            {
                writer.Put(", for="u8);
                writer.Put(node);
            }

            writer.Put("\r\n"u8);
        }

        PutForwarding(ref writer, request, hasFor, hasProto, hasHost);
        PutOwn(ref writer, request, decided, plain, tellsLength: request.HasLength || request.TellsNoBody || hasContent);
        return writer.Length;
    }

    private void PutForwarding(ref AnswerWriter writer, LaneRequest request, bool hasFor, bool hasProto, bool hasHost)
    {
        if (!hasFor && peer.Length > 0)
        {
            writer.PutLine(ForwardedFor, peer);
        }

        if (!hasProto)
        {
            writer.PutLine(ForwardedProto, "http");
        }

        if (!hasHost && !request.Host.IsEmpty)
        {
            writer.Put("X-Forwarded-Host: "u8);
            writer.Put(request.Host);
            writer.Put("\r\n"u8);
        }
    }

    private static void PutOwn(ref AnswerWriter writer, LaneRequest request, in DecidedRequest decided, bool plain, bool tellsLength)
    {
        writer.Put("traceparent: "u8);
        decided.Trace.Context.Format(writer.Take(TraceContext.Length));
        writer.Put(plain ? "\r\nAccept-Encoding: identity\r\n"u8 : "\r\n"u8);
        foreach (var (name, value) in decided.Identity)
        {
            writer.PutLine(name, value);
        }

        if (request.IsChunked)
        {
            writer.Put("Transfer-Encoding: chunked\r\n"u8);
        }
        else if (tellsLength)
        {
            writer.PutLine("Content-Length: "u8, request.BodyLength);
        }

        writer.Put("\r\n"u8);
    }

    private static Kind KindOf(ReadOnlySpan<char> name, bool isContinued, bool plain)
    {
        switch (name.Length)
        {
            case 4 when Is(name, "Host"):
            case 11 when Is(name, "traceparent"):
            case 14 when Is(name, "Content-Length"):
                return Kind.Skipped;
            case 10 when !isContinued && Is(name, "tracestate"):
                return Kind.Skipped;
            case 15 when plain && Is(name, "Accept-Encoding"):
                return Kind.Skipped;
            case 15 when Is(name, ForwardedFor):
                return Kind.ForwardedFor;
            case 16 when Is(name, ForwardedHost):
                return Kind.ForwardedHost;
            case 17 when Is(name, ForwardedProto):
                return Kind.ForwardedProto;
            case 9 when Is(name, "Forwarded"):
                return Kind.Forwarded;
            default:
                return HopByHop.Contains(name) ? Kind.Skipped : IsOfContent(name) ? Kind.Content : Kind.Other;
        }
    }

    // With one of these the forwarder of the YARP path tells a length even when there is no body.
    private static bool IsOfContent(ReadOnlySpan<char> name) => (name[0] | 0x20) switch
    {
        'c' => name.Length > 8 && Is(name[..8], "content-"),
        'a' => Is(name, "Allow"),
        'e' => Is(name, "Expires"),
        'l' => Is(name, "Last-Modified"),
        _ => false,
    };

    private static bool Is(ReadOnlySpan<char> name, ReadOnlySpan<char> wanted) => Ascii.EqualsIgnoreCase(name, wanted);
}
