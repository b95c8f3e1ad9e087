using EdgeGuard.Edge.Usage;
using EdgeGuard.Fuzz.Running;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Answers of providers: however they are cut, the same usage is read.</summary>
internal sealed class UsageTarget(string name, bool isStream) : IFuzzTarget
{
    public string Name { get; } = name;

    public IReadOnlyList<byte[]> Seeds { get; } = isStream
        ?
        [
            """
            data: {"choices":[{"delta":{"content":"Hi"}}]}

            data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}

            data: [DONE]


            """u8.ToArray(),
            """
            event: message_start
            data: {"type":"message_start","message":{"usage":{"input_tokens":9,"output_tokens":1}}}

            event: message_delta
            data: {"type":"message_delta","usage":{"output_tokens":15}}


            """u8.ToArray(),
        ]
        :
        [
            """{"id":"x","choices":[{"message":{"content":"{\"usage\":{\"prompt_tokens\":99}}"}}],"usage":{"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":3}}}"""u8.ToArray(),
            """[{"usageMetadata":{"promptTokenCount":4}},{"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":8,"thoughtsTokenCount":1}}]"""u8.ToArray(),
            """{"type":"response.completed","response":{"usage":{"input_tokens":1,"output_tokens":2,"output_tokens_details":{"reasoning_tokens":1}}}}"""u8.ToArray(),
        ];

    public IReadOnlyList<string> Words { get; } =
    [
        "data:", "data: ", "event: ", ":", "\n", "\r", "\r\n", "\n\n", "\"usage\":", "\"usage\":{", "\"usageMetadata\":{", "\"response\":{", "\"message\":{", "\"prompt_tokens\":", "{", "}", "[",
        "]", "\"", "\\\"", "\\", ",", "\\u0075sage", "1e3", "-5", "null",
    ];

    public int Run(ReadOnlySpan<byte> input)
    {
        var whole = new UsageCounts();
        Scanner(whole).Write(input);
        var cut = new UsageCounts();
        var scanner = Scanner(cut);
        Cuts.Feed(input, scanner.Write);
        FuzzFailure.Unless(whole.ToUsage() == cut.ToUsage() && whole.IsTold == cut.IsTold && whole.IsCompletionTold == cut.IsCompletionTold, "cuts make no difference");
        var usage = whole.ToUsage();
        FuzzFailure.Unless(usage.Prompt >= 0 && usage.Completion >= 0, "no number of tokens is negative");
        return (whole.IsTold ? 1 : 0) + (whole.IsCompletionTold ? 2 : 0) + (int)(4 * (usage.Prompt & 15)) + (int)(64 * (usage.Completion & 15));
    }

    private IUsageScanner Scanner(UsageCounts counts)
    {
        var json = new JsonUsageScanner(counts);
        return isStream ? new EventStreamScanner(json) : json;
    }
}
