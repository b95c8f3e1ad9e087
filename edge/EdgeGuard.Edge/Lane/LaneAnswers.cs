using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Answers;
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

    private readonly byte[] _problem = Encoding.ASCII.GetBytes($"Content-Type: {ProblemBody.ContentType}\r\nCache-Control: no-store\r\n{tracing.IdHeader}: ");
    private readonly byte[] _id = Name(tracing.IdHeader);

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
        var fields = decided.Answer is { IsWritten: true } answer ? answer.Lines : default;
        var writer = new AnswerWriter(output.GetSpan(_fixed + (2 * name.Length) + policy.Length + LengthOf(decided.Identity) + fields.Length));
        writer.Put(_admitted[(int)decision.Verdict]);
        PutCommon(ref writer, decided, close);
        if (hasLimit)
        {
            PutLimit(ref writer, decision, name, policy);
        }

        PutWarning(ref writer, decision);
        foreach (var (header, value) in decided.Identity)
        {
            writer.PutLine(header, value);
        }

        writer.Put(fields);
        if (decision.DelayMilliseconds > 0)
        {
            throttle.CountTold(decision.DelayMilliseconds);
            writer.PutLine(_delay, decision.DelayMilliseconds);
        }

        writer.Put("\r\n"u8);
        output.Advance(writer.Length);
    }

    /// <summary>The <c>Date</c> header, with its end.</summary>
    public ReadOnlySpan<byte> Date => _date.Now;

    /// <summary>Most bytes of <see cref="PutForwarded"/>.</summary>
    public int ForwardedBytes(in DecidedRequest decided) =>
        _fixed + LinesOf(decided).Length + (limits.TryName(decided, out var name, out var policy) ? (2 * name.Length) + policy.Length : 0);

    /// <summary>Writes what the answer of an upstream is told in addition: the same as <see cref="AdmittedHeaders"/>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="decided">The decision.</param>
    /// <param name="given">Fields that the upstream's own stand for, by bits (<see cref="AnswerFields.Hides"/>).</param>
    public void PutForwarded(ref AnswerWriter writer, in DecidedRequest decided, uint given = 0)
    {
        PutFields(ref writer, decided.Answer, given);
        writer.Put(_id);
        PutId(ref writer, decided);
        if (limits.TryName(decided, out var name, out var policy))
        {
            PutLimit(ref writer, decided.Decision, name, policy);
        }

        PutWarning(ref writer, decided.Decision);
    }

    /// <summary>Whether a header of an upstream's answer gives way to one of <see cref="PutForwarded"/>.</summary>
    public bool Replaces(ReadOnlySpan<byte> name, in DecidedRequest decided) =>
        name.Length >= 9 && (name[0] | 0x20) == 'r' && Ascii.EqualsIgnoreCase(name[..9], "ratelimit"u8) && limits.TryName(decided, out _, out _)
        && (name.Length == 9 || Ascii.EqualsIgnoreCase(name[9..], "-policy"u8)
            || (limits.TellsLegacy && (Ascii.EqualsIgnoreCase(name[9..], "-limit"u8) || Ascii.EqualsIgnoreCase(name[9..], "-remaining"u8) || Ascii.EqualsIgnoreCase(name[9..], "-reset"u8))));

    /// <summary>Answers a request that the proxy does not forward.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="decided">The rejection.</param>
    /// <param name="headOnly">Whether the body is told of, but not sent.</param>
    /// <param name="close">Whether the connection ends with the answer.</param>
    /// <param name="warns">Whether the warning of its admission is told, as it is when the upstream failed.</param>
    public void RefuseForwarded(IBufferWriter<byte> output, in DecidedRequest decided, bool headOnly, bool close, bool warns) =>
        Refuse(output, decided, deny: null, headOnly, close, _problem, warns);

    /// <summary>Answers a refused request.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="decided">The rejection.</param>
    /// <param name="deny">Status that a gateway wants for every refusal, or null.</param>
    /// <param name="headOnly">Whether the body is told of, but not sent.</param>
    /// <param name="close">Whether the connection ends with the answer.</param>
    public void Refuse(IBufferWriter<byte> output, in DecidedRequest decided, int? deny, bool headOnly, bool close) =>
        Refuse(output, decided, deny, headOnly, close, _rejected, warns: false);

    private void Refuse(IBufferWriter<byte> output, in DecidedRequest decided, int? deny, bool headOnly, bool close, byte[] begin, bool warns)
    {
        var decision = decided.Decision;
        var retryAfter = RetryAfter.Of(decided);
        var body = BodyOf(decided, retryAfter);
        var hasLimit = limits.TryName(decided, out var name, out var policy);
        var nonce = decided.Challenge is not null && Challenge.WantsNonce(decided.Caller) ? callers.Value.DpopNonce : string.Empty;
        var writer = new AnswerWriter(output.GetSpan(
            _fixed + (2 * name.Length) + policy.Length + body.Length + LinesOf(decided).Length + (decided.Challenge?.Length ?? 0) + nonce.Length));
        writer.Put(StatusLine(deny ?? decision.Status));
        writer.PutLine("Content-Length: "u8, body.Length);
        writer.Put(begin);
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

        writer.Put(LinesOf(decided));
        if (warns)
        {
            PutWarning(ref writer, decision);
        }

        writer.Put("\r\n"u8);
        if (!headOnly)
        {
            writer.Put(body);
        }

        output.Advance(writer.Length);
    }

    /// <summary>Answers a request whose head did not come in time, as the server does; the connection ends.</summary>
    public void TellTimeout(IBufferWriter<byte> output) => TellProblem(output, StatusCodes.Status408RequestTimeout);

    /// <summary>Answers what is no proper request, as the server does; the connection ends.</summary>
    public void TellProblem(IBufferWriter<byte> output, int status, in DecidedRequest? admitted = null)
    {
        var writer = new AnswerWriter(output.GetSpan(FixedBytes + (admitted is { } one ? ForwardedBytes(one) : 0)));
        writer.Put(StatusLine(status));
        writer.Put("Content-Length: 0\r\nConnection: close\r\n"u8);
        if (admitted is { } told)
        {
            PutForwarded(ref writer, told);
        }

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

    private static ReadOnlySpan<byte> LinesOf(in DecidedRequest decided) => decided.Answer is { } answer ? answer.Lines : default;

    private static void PutFields(ref AnswerWriter writer, AnswerFields? answer, uint given)
    {
        if (answer is null)
        {
            return;
        }

        if (given == 0)
        {
            writer.Put(answer.Lines);
            return;
        }

        for (var i = 0; i < answer.Fields.Length; i++)
        {
            if ((given & (1u << i)) == 0)
            {
                writer.Put(answer.Fields[i].Line);
            }
        }
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
        PutId(ref writer, decided);
        writer.Put(_date.Now);
        if (close)
        {
            writer.Put("Connection: close\r\n"u8);
        }
    }

    private static void PutId(ref AnswerWriter writer, in DecidedRequest decided)
    {
        _ = decided.Trace.Id.TryFormat(writer.Take(DecisionId.Digits));
        writer.Put("\r\n"u8);
    }

    private void PutWarning(ref AnswerWriter writer, in Decision decision)
    {
        if (decision.Warning != Warning.None)
        {
            writer.Put(_warning);
            writer.Put(Warnings.Name(decision.Warning));
            writer.Put("\r\n"u8);
        }
    }

    private ReadOnlySpan<byte> StatusLine(int status) => _statusLines[status] ??= Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\n");
}
