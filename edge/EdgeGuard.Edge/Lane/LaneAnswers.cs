using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Identity;
using EdgeGuard.Options;
using Microsoft.AspNetCore.WebUtilities;

namespace EdgeGuard.Edge.Lane;

/// <summary>Writes the lane's answers: the same status, headers and body as <see cref="AdmittedHeaders"/> and <see cref="RejectionWriter"/>.</summary>
internal sealed class LaneAnswers(
    EdgeOptions options,
    RateLimitHeaders limits,
    RequestTracing tracing,
    RejectionWriter rejections,
    AdmittedHeaders admitted,
    ThrottleGate throttle,
    Lazy<CallerVerifier> callers,
    TimeProvider time)
{
    /// <summary>Room for all that has no length of its own: names, numbers, dates.</summary>
    private const int FixedBytes = 768;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _body;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    private readonly DateLine _date = new(time);
    private readonly byte[][] _statusLines = new byte[1000][];
    private readonly int _fixed = FixedBytes + (6 * options.HeaderPrefix.Length);
    private readonly byte[] _warning = Name(options.HeaderPrefix + "Warning");
    private readonly byte[] _reason = Name(options.HeaderPrefix + "Reason");
    private readonly byte[] _status = Name(options.HeaderPrefix + "Status");
    private readonly byte[] _delay = Name(admitted.DelayHeader);
    private readonly byte[] _refused = Encoding.ASCII.GetBytes($"{rejections.DecisionHeader}: {Verdicts.Name(Verdict.Reject)}\r\n");
    private readonly byte[] _rejected = Encoding.ASCII.GetBytes(
        $"Content-Type: {ProblemBody.ContentType}\r\nCache-Control: no-store\r\n{rejections.DecisionHeader}: {Verdicts.Name(Verdict.Reject)}\r\n{tracing.IdHeader}: ");

    private readonly byte[][] _admitted =
    [
        .. Enum.GetValues<Verdict>().Select(verdict => Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nCache-Control: no-store\r\n{rejections.DecisionHeader}: {Verdicts.Name(verdict)}\r\n{tracing.IdHeader}: ")),
    ];

    /// <summary>Answers an admitted request; tells its delay, if it has one.</summary>
    public void Admit(IBufferWriter<byte> output, in DecidedRequest decided, bool close)
    {
        var decision = decided.Decision;
        var hasLimit = limits.TryName(decided, out var name, out var policy);
        var writer = new AnswerWriter(output.GetSpan(_fixed + (2 * name.Length) + policy.Length + LengthOf(decided.Identity)));
        writer.Put(_admitted[(int)decision.Verdict]);
        PutCommon(ref writer, decided, close);
        if (hasLimit)
        {
            PutLimit(ref writer, decision, name, policy);
        }

        if (decision.Warning != Warning.None)
        {
            writer.Put(_warning);
            writer.Put(Warnings.Name(decision.Warning));
            writer.Put("\r\n"u8);
        }

        foreach (var (header, value) in decided.Identity)
        {
            writer.PutLine(header, value);
        }

        if (decision.DelayMilliseconds > 0)
        {
            throttle.CountTold(decision.DelayMilliseconds);
            writer.PutLine(_delay, decision.DelayMilliseconds);
        }

        writer.Put("\r\n"u8);
        output.Advance(writer.Length);
    }

    /// <summary>Answers a refused request.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="decided">The rejection.</param>
    /// <param name="deny">Status that a gateway wants for every refusal, or null.</param>
    /// <param name="headOnly">Whether the body is told of, but not sent.</param>
    /// <param name="close">Whether the connection ends with the answer.</param>
    public void Refuse(IBufferWriter<byte> output, in DecidedRequest decided, int? deny, bool headOnly, bool close)
    {
        var decision = decided.Decision;
        var retryAfter = RetryAfter.Of(decided);
        var body = BodyOf(decided, retryAfter);
        var hasLimit = limits.TryName(decided, out var name, out var policy);
        var nonce = decided.Challenge is not null && Challenge.WantsNonce(decided.Caller) ? callers.Value.DpopNonce : string.Empty;
        var writer = new AnswerWriter(output.GetSpan(
            _fixed + (2 * name.Length) + policy.Length + body.Length + (decided.Challenge?.Length ?? 0) + nonce.Length));
        writer.Put(StatusLine(deny ?? decision.Status));
        writer.PutLine("Content-Length: "u8, body.Length);
        writer.Put(_rejected);
        PutCommon(ref writer, decided, close);
        writer.Put(_reason);
        writer.Put(Reasons.Name(decision.Reason));
        writer.Put("\r\n"u8);
        if (deny is not null)
        {
            writer.PutLine(_status, decision.Status);
        }

        if (retryAfter > 0)
        {
            writer.PutLine("Retry-After: "u8, retryAfter);
        }

        if (decided.Challenge is { } challenge)
        {
            writer.PutLine("WWW-Authenticate", challenge);
            if (nonce.Length > 0)
            {
                writer.PutLine("DPoP-Nonce", nonce);
            }
        }

        if (hasLimit)
        {
            PutLimit(ref writer, decision, name, policy);
        }

        writer.Put("\r\n"u8);
        if (!headOnly)
        {
            writer.Put(body);
        }

        output.Advance(writer.Length);
    }

    /// <summary>Answers a request whose head did not come in time, as the server does; the connection ends.</summary>
    public void TellTimeout(IBufferWriter<byte> output)
    {
        var writer = new AnswerWriter(output.GetSpan(FixedBytes));
        writer.Put(StatusLine(StatusCodes.Status408RequestTimeout));
        writer.Put("Content-Length: 0\r\nConnection: close\r\n"u8);
        writer.Put(_date.Now);
        writer.Put("\r\n"u8);
        output.Advance(writer.Length);
    }

    /// <summary>Answers a request that could not be decided on; the connection ends.</summary>
    public void TellFailure(IBufferWriter<byte> output)
    {
        var writer = new AnswerWriter(output.GetSpan(_fixed));
        writer.Put(StatusLine(StatusCodes.Status500InternalServerError));
        writer.Put("Content-Length: 0\r\nConnection: close\r\nCache-Control: no-store\r\n"u8);
        writer.Put(_refused);
        writer.Put(_date.Now);
        writer.Put("\r\n"u8);
        output.Advance(writer.Length);
    }

    private static byte[] Name(string name) => Encoding.ASCII.GetBytes(name + ": ");

    private static int LengthOf(KeyValuePair<string, string>[] headers)
    {
        var length = 0;
        foreach (var (name, value) in headers)
        {
            length += name.Length + value.Length + 4;
        }

        return length;
    }

    private static ReadOnlySpan<byte> BodyOf(in DecidedRequest decided, int retryAfter)
    {
        var body = _body ??= new ArrayBufferWriter<byte>(512);
        var json = _json ??= new Utf8JsonWriter(body);
        body.ResetWrittenCount();
        json.Reset();
        ProblemBody.Write(json, decided, decided.Decision.Status, retryAfter);
        return body.WrittenSpan;
    }

    private void PutLimit(ref AnswerWriter writer, in Decision decision, string name, string policy)
    {
        writer.PutLine("RateLimit-Policy", policy);
        writer.Put("RateLimit: "u8);
        writer.Put(name);
        writer.Put(";r="u8);
        writer.Put(decision.Remaining);
        writer.PutLine(";t="u8, decision.ResetSeconds);
        if (limits.TellsLegacy)
        {
            writer.PutLine("RateLimit-Limit: "u8, decision.Limit);
            writer.PutLine("RateLimit-Remaining: "u8, decision.Remaining);
            writer.PutLine("RateLimit-Reset: "u8, decision.ResetSeconds);
        }
    }

    // The id ends the line that was begun.
    private void PutCommon(ref AnswerWriter writer, in DecidedRequest decided, bool close)
    {
        _ = decided.Trace.Id.TryFormat(writer.Take(DecisionId.Digits));
        writer.Put("\r\n"u8);
        writer.Put(_date.Now);
        if (close)
        {
            writer.Put("Connection: close\r\n"u8);
        }
    }

    private ReadOnlySpan<byte> StatusLine(int status) => _statusLines[status] ??= Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\n");
}
