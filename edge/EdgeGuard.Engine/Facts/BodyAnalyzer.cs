using System.Text.Json;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts.Tokens;

namespace EdgeGuard.Engine.Facts;

/// <summary>
/// Finds out what a request's body tells limits. Pure; takes time in proportion to the body and a few kilobytes of stack; allocates nothing for
/// a body that is JSON. Nothing that a client sends makes it throw.
/// </summary>
public static class BodyAnalyzer
{
    private const int BytesPerToken = 4;

    /// <summary>What OpenAI's chat format puts around a message, and before the answer.</summary>
    private const int MessageTokens = 4;
    private const int AnswerTokens = 3;

    [ThreadStatic]
    private static BodyFacts? _names;

    // Bodies are told apart within one caller's name, which is keyed; this only has to be long.
    private static readonly UInt128 HashKey = new(0x626F6479, 0x66616374);

    /// <summary>Fills in the facts of a body.</summary>
    /// <param name="body">All of it, or as much as may be read.</param>
    /// <param name="facts">Cleared before; what the body does not tell stays so.</param>
    /// <param name="similarity">Whether <see cref="BodyFacts.Similarity"/> is wanted, which takes most of the time.</param>
    public static void Analyze(ReadOnlySpan<byte> body, BodyFacts facts, bool similarity = true)
    {
        ArgumentNullException.ThrowIfNull(facts);
        facts.IsRead = true;
        (facts.HashLow, facts.HashHigh) = SipHash.Hash(HashKey, body);
        if (!IsObjectOrArray(body, out var json) || !TryScan(json, facts, similarity))
        {
            // What is no JSON, or breaks off, is estimated by its length.
            var units = default(TokenUnits);
            units.Add(body);
            facts.ForgetNames();
            facts.PromptUnits = units;
            facts.PromptTokens = TokensOf(body.Length);
            facts.CalibratedPromptTokens = TokenFamilies.Default.Tokens(in units, 0);
        }
    }

    /// <summary>Counts the tokens of the prompt in a body that <see cref="Analyze"/> has filled the facts of.</summary>
    /// <param name="body">The same bytes.</param>
    /// <param name="facts">Of the body.</param>
    /// <param name="counter">By the vocabulary of the model that it is for.</param>
    public static void CountTokens(ReadOnlySpan<byte> body, BodyFacts facts, ITokenCounter counter)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(counter);
        Span<BodyFrame> frames = stackalloc BodyFrame[BodyScan.MaxDepth + 1];
        Span<ulong> slices = stackalloc ulong[2 * SimilarityHash.Slices];
        frames.Clear();
        slices.Clear();
        if (!IsObjectOrArray(body, out var json))
        {
            facts.ExactPromptTokens = counter.Count(body);
            return;
        }

        // The names have been taken from it already, and would be taken for a second one each.
        var names = _names ??= new BodyFacts();
        names.ForgetNames();
        var scan = new BodyScan(json, frames, slices, votes: false, names, counter);
        try
        {
            scan.Read();
            facts.ExactPromptTokens = scan.HasText
                ? scan.ExactTokens + (scan.Messages * MessageTokens) + (scan.Messages > 0 ? AnswerTokens : 0)
                : counter.Count(json);
        }
        catch (JsonException)
        {
            facts.ExactPromptTokens = counter.Count(body);
        }
    }

    private static bool TryScan(ReadOnlySpan<byte> json, BodyFacts facts, bool similarity)
    {
        Span<BodyFrame> frames = stackalloc BodyFrame[BodyScan.MaxDepth + 1];
        Span<ulong> slices = stackalloc ulong[2 * SimilarityHash.Slices];
        frames.Clear();
        slices.Clear();
        var scan = new BodyScan(json, frames, slices, similarity, facts);
        try
        {
            scan.Read();
        }
        catch (JsonException)
        {
            return false;
        }

        var units = scan.Units;
        if (!scan.HasText)
        {
            units = default;
            units.Add(json);
        }

        facts.IsObject = scan.IsObject;
        facts.PromptUnits = units;
        facts.Messages = scan.Messages;
        facts.Similarity = scan.ToSignature();
        facts.ToolCall = scan.ToolCall;
        facts.MaxCompletionTokens = scan.MaxCompletionTokens;
        facts.PromptTokens = TokensOf(scan.HasText ? scan.Text.Bytes : json.Length);
        facts.CalibratedPromptTokens = scan.Family.Tokens(in units, scan.Messages);
        return true;
    }

    private static long TokensOf(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    // Most bodies that are no JSON are known by their first byte, which is cheaper than an exception.
    private static bool IsObjectOrArray(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> json)
    {
        json = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        var start = json.IndexOfAnyExcept(" \t\r\n"u8);
        return start >= 0 && json[start] is (byte)'{' or (byte)'[';
    }
}
