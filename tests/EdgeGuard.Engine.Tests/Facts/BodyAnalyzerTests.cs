using System.Numerics;
using System.Text;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Facts.Tokens;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Facts;

public sealed class BodyAnalyzerTests
{
    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"hello world!"}]}""", 3)]
    [InlineData("""{ "messages" : [ { "role" : "user" , "content" : "hello world!!" } ] }""", 4)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"abcd"},{"type":"text","text":"efgh"}]}]}""", 2)]
    [InlineData("""{"messages":[{"role":"user","content":"a \"quoted\" text]"}]}""", 4)]
    [InlineData("""{"messages":[{"role":"user","content":"\u00e9\u00e9\ud83d\ude00"}]}""", 2)]
    [InlineData("""{"messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAAAAAAAAAAAAAA"}}]}]}""", 0)]
    [InlineData("""{"system":"abcdefgh","messages":[{"role":"user","content":"abcd"}]}""", 3)]
    [InlineData("""{"system":[{"type":"text","text":"abcdefgh"}],"messages":[]}""", 3)]
    [InlineData("""{"systemInstruction":{"parts":[{"text":"abcd"}]},"contents":[{"role":"user","parts":[{"text":"abcdefgh"}]}]}""", 3)]
    [InlineData("""{"contents":{"parts":[{"text":"abcdefgh"}]}}""", 2)]
    [InlineData("""{"prompt":"abcdefgh"}""", 2)]
    [InlineData("""{"prompt":["abcd","efgh"]}""", 2)]
    [InlineData("""{"prompt":[1,2,3]}""", 3)]
    [InlineData("""{"input":"abcdefgh"}""", 2)]
    [InlineData("""{"input":["abcd","efgh"]}""", 2)]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_text","text":"abcdefgh"}]}]}""", 2)]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{\"a\":1}"}}]}]}""", 2)]
    [InlineData("""{"text":"no messages"}""", 6)]
    [InlineData("not json at all", 4)]
    [InlineData("""{"messages":[{"role":"user","content":"broken""", 12)]
    [InlineData("", 0)]
    public void Analyze_PromptOfAnyFormat_IsFourBytesATokenRoundedUp(string body, long tokens)
    {
        var facts = Analyze(body);
        Assert.Equal(tokens, facts.PromptTokens);
        Assert.True(facts.IsRead);
    }

    [Theory]
    [InlineData("""{"max_tokens":100}""", 100)]
    [InlineData("""{"max_completion_tokens":100,"max_tokens":7}""", 100)]
    [InlineData("""{"max_tokens":7,"max_tokens":100}""", 100)]
    [InlineData("""{"max_output_tokens":1e2}""", 100)]
    [InlineData("""{"generationConfig":{"maxOutputTokens":100,"candidateCount":2}}""", 200)]
    [InlineData("""{"max_tokens":100,"n":3}""", 300)]
    [InlineData("""{"n":3,"max_tokens":100}""", 300)]
    [InlineData("""{"max_tokens":100,"n":0}""", 100)]
    [InlineData("""{"max_tokens":1e400,"n":1e400}""", 1_000_000_000_000)]
    [InlineData("""{"max_tokens":-5}""", -1)]
    [InlineData("""{"max_tokens":"5"}""", -1)]
    [InlineData("""{"messages":[{"max_tokens":5}]}""", -1)]
    [InlineData("""{"\u006dax_tokens":100}""", 100)]
    public void Analyze_BoundOfTheCompletion_IsTheLargestTimesTheChoices(string body, long tokens) =>
        Assert.Equal(tokens, Analyze(body).MaxCompletionTokens);

    [Fact]
    public void Analyze_CalibratedEstimate_FollowsTheModel()
    {
        var text = string.Concat(Enumerable.Repeat("Überall 中 ", 100));
        var known = Analyze($$"""{"model":"openai/gpt-4o-mini","messages":[{"role":"user","content":"{{text}}"}]}""");
        var late = Analyze($$"""{"messages":[{"role":"user","content":"{{text}}"}],"model":"gpt-4o"}""");
        var unknown = Analyze($$"""{"model":"x","messages":[{"role":"user","content":"{{text}}"}]}""");
        var units = default(TokenUnits);
        units.Add(Encoding.UTF8.GetBytes(text));
        Assert.Equal(TokenFamilies.Of("gpt-4o"u8).Tokens(in units, 1), known.CalibratedPromptTokens);
        Assert.Equal(known.CalibratedPromptTokens, late.CalibratedPromptTokens);
        Assert.Equal(TokenFamilies.Default.Tokens(in units, 1), unknown.CalibratedPromptTokens);
        Assert.True(unknown.CalibratedPromptTokens > known.CalibratedPromptTokens);
        Assert.Equal(325, unknown.PromptTokens);
    }

    [Theory]
    [InlineData("""{"a":1,"b":[true,null],"c":"x y"}""", """{ "c" : "x y", "b" : [ true , null ] , "a" : 10e-1 }""")]
    [InlineData("""{"a":1.50,"nonce":"u81"}""", """{"a":15e-1,"nonce":"7ba"}""")]
    [InlineData("""{"at":"2026-01-01T00:00:00Z","q":"w"}""", """{"at":"2027-12-31T23:59:59.123+02:00","q":"w"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x"}""", """{"jsonrpc":"2.0","id":"abc","method":"x"}""")]
    public void Analyze_SameButForSpelling_HasOneSignature(string one, string other)
    {
        Assert.Equal(Analyze(one).Similarity, Analyze(other).Similarity);
        Assert.NotEqual(Analyze(one).HashLow, Analyze(other).HashLow);
    }

    [Fact]
    public void Analyze_LittleChanged_LiesNearerThanAllChanged()
    {
        const string Text = "please look up the current weather for the city of Paris and tell me whether I need an umbrella tomorrow morning";
        var first = Analyze($$"""{"messages":[{"role":"user","content":"{{Text}} try 1"}]}""").Similarity;
        var second = Analyze($$"""{"messages":[{"role":"user","content":"{{Text}} try 2"}]}""").Similarity;
        var other = Analyze("""{"messages":[{"role":"user","content":"summarise chapter four of the attached contract in three short bullet points for the board"}]}""").Similarity;
        Assert.InRange(Distance(first, second), 0, 8);
        Assert.InRange(Distance(first, other), 14, 48);
    }

    [Fact]
    public void Analyze_LongHistory_IsNotWhatMakesBodiesAlike()
    {
        var history = string.Join(',', Enumerable.Range(0, 200).Select(i => $$"""{"role":"user","content":"earlier message number {{i}} with some words"}"""));
        var first = Analyze($$"""{"messages":[{{history}},{"role":"user","content":"what is the capital of France and how many people live there"}]}""");
        var second = Analyze($$"""{"messages":[{{history}},{"role":"user","content":"write a haiku about autumn leaves falling on a quiet pond"}]}""");
        Assert.InRange(Distance(first.Similarity, second.Similarity), 17, 48);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"search","arguments":"{\"q\":\"a\",\"n\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":"r"}]}""",
        """{"messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c2","type":"function","function":{"arguments":"{\"n\":7,\"q\":\"b\"}","name":"search"}}]},{"role":"tool","tool_call_id":"c2","content":"s"}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"search","input":{"q":"a"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"r"}]}]}""",
        """{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t2","name":"search","input":{"q":"b"}}]}]}""")]
    [InlineData("""{"contents":[{"role":"model","parts":[{"functionCall":{"name":"search","args":{"q":"a"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"search","response":{}}}]}]}""",
        """{"contents":[{"role":"model","parts":[{"functionCall":{"name":"search","args":{"q":"b"}}}]}]}""")]
    [InlineData("""{"input":[{"type":"function_call","call_id":"1","name":"search","arguments":"{\"q\":1}"},{"type":"function_call_output","call_id":"1","output":"r"}]}""",
        """{"input":[{"type":"reasoning"},{"type":"function_call","call_id":"2","name":"search","arguments":"{\"q\":2}"}]}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"q":"a"}}}""",
        """{"params":{"arguments":{"q":"b"},"name":"search"},"method":"tools/call","id":2,"jsonrpc":"2.0"}""")]
    public void Analyze_ToolCallWithOtherValues_IsTheSameCall(string one, string other)
    {
        Assert.NotEqual(0UL, Analyze(one).ToolCall);
        Assert.Equal(Analyze(one).ToolCall, Analyze(other).ToolCall);
        Assert.NotEqual(Analyze(one).ToolCall, Analyze(other.Replace("search", "fetch", StringComparison.Ordinal)).ToolCall);
        Assert.NotEqual(Analyze(one).ToolCall, Analyze(other.Replace("q", "query", StringComparison.Ordinal)).ToolCall);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"and now?"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":{}}}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"function","function":{"name":"f"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}""")]
    public void Analyze_NoCallPending_HasNone(string body) => Assert.Equal(0UL, Analyze(body).ToolCall);

    [Fact]
    public void Analyze_WarmedUp_AllocatesNothing()
    {
        var body = Encoding.UTF8.GetBytes(
            """{"model":"gpt-4o","messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{\"a\":\"\\u00e9\"}"}}]},{"role":"tool","content":"r"}]}""");
        var facts = new BodyFacts();
        var allocated = Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                facts.Clear();
                BodyAnalyzer.Analyze(body, facts);
            }
        });
        Assert.Equal(0, allocated);
    }

    private static int Distance(ulong a, ulong b) => BitOperations.PopCount((a ^ b) >> 16);

    private static BodyFacts Analyze(string body)
    {
        var facts = new BodyFacts();
        BodyAnalyzer.Analyze(Encoding.UTF8.GetBytes(body), facts);
        return facts;
    }
}
