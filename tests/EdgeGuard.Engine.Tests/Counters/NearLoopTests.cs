using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>Loops that are not of equal requests, and what must not be taken for one.</summary>
public sealed class NearLoopTests
{
    private static readonly LoopDetectionDefinition FiveNear = new() { Threshold = 5, WindowSeconds = 60, Near = true };

    private static readonly string[] Topics =
    [
        "quarterly revenue of the northern region compared with last year",
        "a birthday poem for my grandmother who loves sailing",
        "steps to replace the brake pads of an old bicycle",
        "differences between the treaties of Rome and Lisbon",
        "why sourdough needs a longer fermentation in winter",
        "a regular expression that matches postal codes of Canada",
        "the plot of a film about lighthouse keepers in Norway",
        "how tall the oldest known redwood tree has become",
        "an itinerary for three days in Kyoto with children",
        "rules of handball for a complete beginner",
        "causes of the great fire of London and its aftermath",
        "how to negotiate a lower rent with a landlord",
    ];

    [Fact]
    public void Passes_OneArgumentVaried_IsALoopAllTheSame()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(FiveNear);
        var passed = Enumerable.Range(0, 20).Count(i => Post(bench, limit, $$$"""
            {"jsonrpc":"2.0","id":{{{i}}},"method":"tools/call","params":{"name":"search_documents","arguments":{"query":"attempt {{{i * 31}}}","limit":10} } }
            """));
        Assert.Equal(4, passed);
    }

    [Fact]
    public void Passes_MessageWithALittleChanged_IsALoopAllTheSame()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(FiveNear);
        var passed = Enumerable.Range(0, 20).Count(i => Post(bench, limit, $$"""
            {"messages":[{"role":"user","content":"The tool failed again with error: file src/main/index.ts was not found in the workspace, please retry the same operation now ({{i}})"}]}
            """));
        Assert.InRange(passed, 4, 9);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Passes_CycleOfToolCalls_IsRefusedWhenItComesRoundTooOften(int length)
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(FiveNear);
        var random = Seeds.Next(out _);
        var passed = 0;
        while (passed < 100 && Post(bench, limit, Call($"tool{passed % length}", random.Next())))
        {
            passed++;
        }

        Assert.Equal((5 * length) - 1, passed);

        // Only what would go on with the cycle stays refused.
        Assert.False(Post(bench, limit, Call($"tool{passed % length}", random.Next())));
        Assert.True(Post(bench, limit, Call("something_else", 1)));
        bench.Advance(60);
        Assert.True(Post(bench, limit, Call($"tool{passed % length}", random.Next())));
    }

    [Fact]
    public void Passes_CycleLongerThanIsLookedFor_IsNone()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(FiveNear with { MaxCycleLength = 2 });
        Assert.All(Enumerable.Range(0, 60), i => Assert.True(Post(bench, limit, Call($"tool{i % 3}", i * 7919))));
    }

    [Fact]
    public void Passes_CycleOfPaths_IsALoopWhateverTheQuerySays()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(FiveNear);
        var passed = Enumerable.Range(0, 40).Count(i => bench.Passes(limit, i % 2 == 0 ? $"GET /list?page={i}" : $"GET /get?id={i}"));
        Assert.Equal(9, passed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Passes_LongSequenceOfDifferentCalls_IsNoLoop(int maxCycleLength)
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(FiveNear with { MaxCycleLength = maxCycleLength });
        for (var i = 0; i < 2000; i++)
        {
            Assert.True(Post(bench, limit, Call($"tool_{i * 7919 % 2003}", i)), $"call {i}");
            bench.Advance(0.01);
        }
    }

    [Fact]
    public void Passes_RandomOrderOfTools_IsNoLoop()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(FiveNear);
        var random = Seeds.Next(out var seed);
        string[] tools = ["read_file", "write_file", "run_tests", "search", "list_files", "git_diff"];
        var previous = string.Empty;
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var tool = tools.Where(t => t != previous).ElementAt(random.Next(5));
            refused += Post(bench, limit, Call(tool, random.Next())) ? 0 : 1;
            previous = tool;
        }

        // A pair that happens to alternate ten times in a row is a loop by definition; chance makes one of it once in 2^18 calls.
        Assert.True(refused <= 1, $"seed {seed}: {refused}");
    }

    [Fact]
    public void Passes_PagesOfAList_AreNoLoop()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(FiveNear);
        Assert.All(Enumerable.Range(1, 100), page => Assert.True(bench.Passes(limit, $"GET /v1/items?page={page}")));
    }

    [Fact]
    public void Passes_DifferentQuestionsInAGrowingConversation_AreNoLoop()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(FiveNear);
        var history = new StringBuilder("""{"role":"system","content":"You are a helpful assistant of Example Corp. Answer briefly and politely."}""");
        foreach (var topic in Topics)
        {
            history.Append($$""",{"role":"user","content":"Tell me about {{topic}}"}""");
            Assert.True(Post(bench, limit, $$"""{"model":"gpt-4o","temperature":0.2,"messages":[{{history}}]}"""), topic);
            history.Append($$""",{"role":"assistant","content":"Here is what I know about {{topic}}."}""");
        }
    }

    [Fact]
    public void Passes_RecordsWithOtherIds_AreNoLoop()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(FiveNear);
        Assert.All(Enumerable.Range(0, 100), i => Assert.True(Post(bench, limit, $$"""{"id":{{1000 + (i * 17)}}}""")));
    }

    [Fact]
    public void Passes_LoopWithOtherRequestsBetween_IsFound()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(FiveNear with { MaxCycleLength = 1 });
        var stuck = 0;
        for (var i = 0; i < 12; i++)
        {
            stuck += Post(bench, limit, $$"""
                {"messages":[{"role":"user","content":"The build is still red because of the missing semicolon in parser.ts line forty, fix it and run the build again please. Attempt {{i}}"}]}
                """) ? 1 : 0;
            Assert.True(Post(bench, limit, $$"""{"messages":[{"role":"user","content":"Tell me about {{Topics[i]}}"}]}"""));
        }

        Assert.InRange(stuck, 4, 9);
    }

    private static string Call(string tool, int value) =>
        $$$"""{"jsonrpc":"2.0","id":{{{value}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{"value":"{{{value * 2654435761}}} {{{value ^ 0x5bd1e995}}}","unit":"x{{{value % 1000}}}"} } }""";

    private static bool Post(GuardBench bench, EdgeGuard.Engine.Counters.LoopLimit limit, string body) =>
        bench.Passes(limit, "POST /mcp", body: facts => BodyAnalyzer.Analyze(Encoding.UTF8.GetBytes(body), facts));
}
