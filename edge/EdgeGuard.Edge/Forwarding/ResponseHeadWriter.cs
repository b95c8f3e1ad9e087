using System.Buffers;
using System.Text;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Rejections;
using Microsoft.AspNetCore.WebUtilities;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>Writes the head of a response as a client gets it: the upstream's without what belongs to its connection or what only the edge may say, and the decision's.</summary>
internal sealed class ResponseHeadWriter(LaneAnswers answers, ReservedHeaders reserved)
{
    /// <summary>Room for a date, framing and the end of the connection.</summary>
    private const int FixedBytes = 256;

    /// <summary>Writes the head of the final response.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="response">The upstream's head.</param>
    /// <param name="head">The bytes of that.</param>
    /// <param name="decided">The decision.</param>
    /// <param name="close">Whether the client's connection ends with it.</param>
    public void Write(IBufferWriter<byte> output, ResponseHead response, ReadOnlySpan<byte> head, in DecidedRequest decided, bool close)
    {
        var writer = new AnswerWriter(output.GetSpan(FixedBytes + head.Length + (2 * response.Count) + answers.ForwardedBytes(decided)));
        PutStatus(ref writer, response, head);
        var hasDate = false;
        var answer = decided.Answer;
        var given = 0u;
        for (var i = 0; i < response.Count; i++)
        {
            ref readonly var field = ref response[i];
            var name = field.NameIn(head);
            if (IsKept(response, head, name) && !answers.Replaces(name, decided) && answer?.Hides(name, ref given) != true)
            {
                hasDate |= name.Length == 4 && Ascii.EqualsIgnoreCase(name, "date"u8);
                PutLine(ref writer, name, field.ValueIn(head));
            }
        }

        answers.PutForwarded(ref writer, decided, given);
        if (response.ContentLength >= 0 && response.Status != StatusCodes.Status204NoContent)
        {
            writer.PutLine("Content-Length: "u8, response.ContentLength);
        }
        else if (response.Framing is BodyFraming.Chunked or BodyFraming.UntilClose)
        {
            writer.Put("Transfer-Encoding: chunked\r\n"u8);
        }

        if (!hasDate)
        {
            writer.Put(answers.Date);
        }

        if (close)
        {
            writer.Put("Connection: close\r\n"u8);
        }

        writer.Put("\r\n"u8);
        output.Advance(writer.Length);
    }

    /// <summary>Passes an interim response on (RFC 9110 section 15.2).</summary>
    public void WriteInterim(IBufferWriter<byte> output, ResponseHead response, ReadOnlySpan<byte> head)
    {
        var writer = new AnswerWriter(output.GetSpan(FixedBytes + head.Length + (2 * response.Count)));
        PutStatus(ref writer, response, head);
        for (var i = 0; i < response.Count; i++)
        {
            ref readonly var field = ref response[i];
            var name = field.NameIn(head);
            if (IsKept(response, head, name))
            {
                PutLine(ref writer, name, field.ValueIn(head));
            }
        }

        writer.Put("\r\n"u8);
        output.Advance(writer.Length);
    }

    private static void PutStatus(ref AnswerWriter writer, ResponseHead response, ReadOnlySpan<byte> head)
    {
        writer.Put("HTTP/1.1 "u8);
        writer.Put(response.Status);
        writer.Put(" "u8);
        writer.Put(response.ReasonLength > 0 ? head.Slice(response.ReasonStart, response.ReasonLength) : default);
        writer.Put(response.ReasonLength > 0 ? string.Empty : ReasonPhrases.GetReasonPhrase(response.Status));
        writer.Put("\r\n"u8);
    }

    private static void PutLine(ref AnswerWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        writer.Put(name);
        writer.Put(": "u8);
        writer.Put(value);
        writer.Put("\r\n"u8);
    }

    private bool IsKept(ResponseHead response, ReadOnlySpan<byte> head, ReadOnlySpan<byte> name) =>
        !(name.Length == 14 && Ascii.EqualsIgnoreCase(name, "content-length"u8))
        && !HopByHop.Contains(name)
        && !reserved.IsReserved(name)
        && !(response.NamesOthers && response.IsNamedByConnection(head, name));
}
