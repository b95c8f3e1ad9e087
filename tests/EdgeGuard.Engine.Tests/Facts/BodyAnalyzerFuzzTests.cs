using System.Text;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Facts;

/// <summary>Whatever a client sends: nothing is thrown, and the estimate is never below what the text's length says.</summary>
public sealed class BodyAnalyzerFuzzTests
{
    private static readonly string[] Names =
    [
        "messages", "contents", "input", "prompt", "system", "content", "text", "role", "type", "name", "arguments", "args", "function",
        "tool_calls", "function_call", "functionCall", "tools", "params", "method", "jsonrpc", "id", "max_tokens", "n", "generationConfig", "model",
        "maxOutputTokens", "tool_call_id", "\\u006dessages", "", "\\ud800", "x",
    ];

    private static readonly string[] Values =
    [
        "1", "-0", "1e999999", "-1e-999999", "123456789012345678901234567890", "0.1", "true", "null", "\"\"", "\"tool_use\"", "\"function_call\"",
        "\"tool\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "\"{\\\"a\\\":1}\"", "\"{\\\"a\\\":\"", "\"{\\\\u0022a\\\"\"", "\"a b c\"",
        "\"2026-01-01T00:00:00Z\"", "\"é漢字\"",
    ];

    [Fact]
    public void Analyze_RandomDocumentsOfKnownNames_NeverThrows()
    {
        var random = Seeds.Next(out _);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            Write(random, text, 0);
            var body = Encoding.UTF8.GetBytes(text.ToString());
            Check(body);
            Damage(random, body);
            Check(body);
            Check(body.AsSpan(0, random.Next(body.Length + 1)));
        }
    }

    [Fact]
    public void Analyze_RandomBytes_NeverThrows()
    {
        var random = Seeds.Next(out _);
        for (var i = 0; i < 20_000; i++)
        {
            var body = new byte[random.Next(200)];
            random.NextBytes(body);
            if (body.Length > 0)
            {
                body[0] = (byte)"{[\""[random.Next(3)];
            }

            Check(body);
        }
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{\"messages\":", 100_000)]
    [InlineData("{\"a\":[", 32)]
    [InlineData("9", 1_000_000)]
    [InlineData("{\"max_tokens\":9", 1)]
    public void Analyze_DeepOrLong_IsEstimatedByItsLength(string piece, int times)
    {
        var body = Encoding.UTF8.GetBytes("[" + string.Concat(Enumerable.Repeat(piece, times)));
        Assert.Equal((body.Length + 3) / 4, Check(body).PromptTokens);
    }

    [Fact]
    public void Analyze_OneMebibyte_TakesTimeInProportion()
    {
        var word = string.Concat(Enumerable.Repeat("word ", 200_000));
        Assert.Equal(250_000, Check(Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"{{word}}"}]}""")).PromptTokens);
        var numbers = string.Join(',', Enumerable.Repeat("1", 500_000));
        Check(Encoding.UTF8.GetBytes($$"""{"messages":[{{numbers}}]}"""));
        Check(Encoding.UTF8.GetBytes($$"""{"x":[{{numbers}}]}"""));
        var digits = new string('9', 1_000_000);
        Check(Encoding.UTF8.GetBytes($$"""{"max_tokens":{{digits}}}"""));
        var members = string.Join(',', Enumerable.Repeat("\"messages\":[{\"content\":\"a\"}]", 30_000));
        Assert.Equal(7500, Check(Encoding.UTF8.GetBytes($"{{{members}}}")).PromptTokens);
        var escapes = string.Concat(Enumerable.Repeat("\\u0041", 160_000));
        Assert.Equal(40_000, Check(Encoding.UTF8.GetBytes($$"""{"prompt":"{{escapes}}"}""")).PromptTokens);
        var calls = string.Join(',', Enumerable.Repeat("{\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}", 15_000));
        Check(Encoding.UTF8.GetBytes($$"""{"messages":[{"tool_calls":[{{calls}}]}]}"""));
    }

    private static BodyFacts Check(ReadOnlySpan<byte> body)
    {
        var facts = new BodyFacts();
        BodyAnalyzer.Analyze(body, facts);
        Assert.True(facts.IsRead);
        Assert.InRange(facts.PromptTokens, 0, body.Length + 3);
        Assert.InRange(facts.CalibratedPromptTokens, 0, (body.Length * 2) + 8);
        Assert.InRange(facts.MaxCompletionTokens, -1, 1_000_000_000_000);
        return facts;
    }

    private static void Write(Random random, StringBuilder text, int depth)
    {
        switch (random.Next(depth > 6 ? 1 : 4))
        {
            case 0:
                text.Append(Values[random.Next(Values.Length)]);
                break;
            case 1:
                text.Append('[');
                for (var i = random.Next(4); i > 0; i--)
                {
                    Write(random, text, depth + 1);
                    text.Append(i > 1 ? "," : string.Empty);
                }

                text.Append(']');
                break;
            default:
                text.Append('{');
                for (var i = random.Next(5); i > 0; i--)
                {
                    text.Append('"').Append(Names[random.Next(Names.Length)]).Append("\":");
                    Write(random, text, depth + 1);
                    text.Append(i > 1 ? "," : string.Empty);
                }

                text.Append('}');
                break;
        }
    }

    private static void Damage(Random random, byte[] body)
    {
        for (var i = random.Next(3); i > 0 && body.Length > 0; i--)
        {
            body[random.Next(body.Length)] = (byte)random.Next(256);
        }
    }
}
