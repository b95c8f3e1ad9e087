using System.Text;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Tests.Reading;

public sealed class HostileTextTests
{
    private const string Yaml = """
        format: edgeguard/v1
        bundle_version: 3 # comment
        policies:
          - id: "one\n\x41"
            spec: &s {mode: enforce, rules: [ {a: 1.5e3, b: 0x1F}, 'it''s' ]}
          - {id: two, spec: *s}
        text: |-
          block
            indented
        folded: >+
          more

        ? key
        : !!str 12
        """;

    private const string Json = """{"a":[1,2.5e-3,"x\u00e9\n",true,null],"b":{"c":{"d":[]}},"é":"\ud83d\ude00"}""";

    private static readonly ReadLimits Limits = new(64 * 1024, 12, 500, 1000);

    [Theory]
    [InlineData(Yaml)]
    [InlineData(Json)]
    public void Read_MutatedText_NeverThrowsAndNeverHidesAFailure(string seedText)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var original = Encoding.UTF8.GetBytes(seedText);
        byte[][] pieces = [.. "{|}|[|]|:|: |- |,|\"|'|&a |*a |<<: |!x |!!int |\t|\n|\n  |#|%|@|---\n|...\n|\\|\\u|?|>|~|0|1e9|\u0001|\uFEFF|\u2028".Split('|').Select(Encoding.UTF8.GetBytes)];
        for (var round = 0; round < 5000; round++)
        {
            var text = original.ToList();
            for (var change = random.Next(1, 5); change > 0 && text.Count > 0; change--)
            {
                var position = random.Next(text.Count);
                switch (random.Next(4))
                {
                    case 0:
                        text.RemoveRange(position, Math.Min(random.Next(1, 8), text.Count - position));
                        break;
                    case 1:
                        text.InsertRange(position, pieces[random.Next(pieces.Length)]);
                        break;
                    case 2:
                        text[position] = (byte)random.Next(256);
                        break;
                    default:
                        text.InsertRange(position, text.GetRange(random.Next(position + 1), Math.Min(20, text.Count - position)));
                        break;
                }
            }

            Check([.. text], $"seed {seed}, round {round}");
        }
    }

    private static void Check(byte[] text, string where)
    {
        try
        {
            var result = NodeReader.Read(text, "test", Limits);
            Assert.True(result.Root is not null || result.Diagnostics.Length > 0, where);
            if (result.Root is not null)
            {
                var canonical = CanonicalJson.Write(result.Root);
                var again = NodeReader.ReadJson(canonical, "again", Limits);
                Assert.True(again.Root is not null && canonical.AsSpan().SequenceEqual(CanonicalJson.Write(again.Root)), where);
            }
        }
        catch (Exception problem)
        {
            Assert.Fail($"{where}: {problem.GetType().Name} {problem.Message} for {Convert.ToBase64String(text)}\n{problem.StackTrace}");
        }
    }
}
