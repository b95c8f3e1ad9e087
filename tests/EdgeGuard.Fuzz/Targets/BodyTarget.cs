using EdgeGuard.Engine.Facts;
using EdgeGuard.Fuzz.Running;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Bodies of requests: always the same facts, and never a negative number of tokens.</summary>
internal sealed class BodyTarget : IFuzzTarget
{
    private readonly BodyFacts _facts = new();
    private readonly BodyFacts _again = new();

    public string Name => "body";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        """{"model":"gpt-4o","max_tokens":100,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Hi \u20ac"}]}]}"""u8.ToArray(),
        """{"model":"claude-3","max_tokens":1024,"system":"s","messages":[{"role":"assistant","content":[{"type":"tool_use","name":"search","input":{"q":"x","n":1}}]}]}"""u8.ToArray(),
        """{"contents":[{"parts":[{"text":"Hallo"},{"functionCall":{"name":"f","args":{"a":[1,2,{"b":null}]}}}]}],"generationConfig":{"maxOutputTokens":7}}"""u8.ToArray(),
        """[{"input":"a","prompt":["b","c"],"max_completion_tokens":1e3}]"""u8.ToArray(),
        "plain text, no JSON"u8.ToArray(),
    ];

    public IReadOnlyList<string> Words { get; } =
    [
        "{", "}", "[", "]", "\"", "\\u0000", "\\ud83d\\ude00", "\\ud800", "\\", "null", "\"max_tokens\":", "\"messages\":", "\"content\":", "\"tool_calls\":", "\"function\":",
        "\"arguments\":", "\"name\":", "\"text\":", "\uFEFF", "1e308", "-1", "0.5", "//", "\u00e9\u20ac\U0001F600",
    ];

    public int Run(ReadOnlySpan<byte> input)
    {
        _facts.Clear();
        BodyAnalyzer.Analyze(input, _facts);
        FuzzFailure.Unless(_facts.PromptTokens >= 0 && _facts.CalibratedPromptTokens >= 0, "a prompt has no negative number of tokens");
        FuzzFailure.Unless(_facts.PromptTokens <= (input.Length / 4) + 1, "a prompt of four bytes a token has no more tokens than the body");
        FuzzFailure.Unless(_facts.MaxCompletionTokens >= -1, "a bound is not negative");
        _again.Clear();
        BodyAnalyzer.Analyze(input, _again);
        FuzzFailure.Unless(
            _facts.Similarity == _again.Similarity && _facts.ToolCall == _again.ToolCall && _facts.HashLow == _again.HashLow
            && _facts.CalibratedPromptTokens == _again.CalibratedPromptTokens, "a body always gives the same facts");
        return (int)(_facts.Similarity & 63) + (_facts.ToolCall == 0 ? 0 : 64) + (_facts.MaxCompletionTokens < 0 ? 0 : 128) + (_facts.PromptTokens == 0 ? 0 : 256);
    }
}
