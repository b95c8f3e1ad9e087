using System.Globalization;
using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Reading;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGuard.Bundles.Tests.Reading;

public sealed class CanonicalJsonTests
{
    // RFC 8785 section 3.2.2 and 3.2.4, input and expected output.
    private const string RfcInput = """
        {
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
          "literals": [null, true, false]
        }
        """;

    private const string RfcOutput =
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";

    [Fact]
    public void Write_ExampleOfTheRfc_GivesItsOutput() => Assert.Equal(RfcOutput, RfcInput.ReadClean().ToCanonical());

    [Fact]
    public void Write_KeysOfTheRfc_AreSortedByUtf16CodeUnits()
    {
        const string Input = """{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}""";

        var keys = Encoding.UTF8.GetString(CanonicalJson.Write(Input.ReadClean())).Split('"').Where((_, i) => i % 4 == 3);

        Assert.Equal(
            ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"],
            keys);
    }

    // RFC 8785 appendix B.
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Write_NumberOfTheRfc_IsPrintedAsEcmaScriptDoes(ulong bits, string expected)
    {
        var number = BitConverter.UInt64BitsToDouble(bits);

        Assert.Equal(expected, Node.OfNumber(number, string.Empty, SourceLocation.None).ToCanonical());
    }

    [Theory]
    [InlineData("[9007199254740992]")]
    [InlineData("[-9007199254740992]")]
    [InlineData("[100000000000000000]")]
    [InlineData("[1152921504606847000]")]
    [InlineData("[9223372036854776000]")]
    [InlineData("[1e+21]")]
    public void Write_LargeWholeNumber_ReadsBackAsItself(string canonical) =>
        Assert.Equal(canonical, canonical.ReadClean().ToCanonical());

    [Fact]
    public void Write_HalfASurrogatePair_IsRefused() =>
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(Node.OfString("\ud800", SourceLocation.None)));

    [Fact]
    public void Write_AnyNumber_ReadsBackAsTheSameDouble() =>
        Prop.ForAll<double>(value =>
        {
            if (!double.IsFinite(value))
            {
                return true;
            }

            var text = EcmaNumber.Format(value);
            return double.Parse(text, CultureInfo.InvariantCulture).Equals(value == 0 ? 0d : value);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Write_AnyTree_IsStableWhenReadAgain()
    {
        var trees = Gen.Sized(size => GenerateTree(Math.Min(size, 4))).ToArbitrary();
        Prop.ForAll(trees, tree =>
        {
            var once = CanonicalJson.Write(tree);
            var read = NodeReader.ReadJson(once, "test", ReadLimits.Bundle with { MaxDepth = 64 });
            return read.Root is not null && once.AsSpan().SequenceEqual(CanonicalJson.Write(read.Root)) && AreEqual(tree, read.Root);
        }).QuickCheckThrowOnFailure();
    }

    private static bool AreEqual(Node left, Node right) => left.Kind == right.Kind && left.Kind switch
    {
        NodeKind.Boolean => left.Boolean == right.Boolean,
        NodeKind.Integer => left.Integer == right.Integer,
        NodeKind.Number => left.Number.Equals(right.Number),
        NodeKind.String => left.Text == right.Text,
        NodeKind.List => left.Items.Count == right.Items.Count && left.Items.Zip(right.Items).All(pair => AreEqual(pair.First, pair.Second)),
        NodeKind.Map => left.Entries.Count == right.Entries.Count && left.Entries.All(e => right[e.Key] is { } value && AreEqual(e.Value, value)),
        _ => true,
    };

    private static Gen<Node> GenerateTree(int depth)
    {
        var none = SourceLocation.None;
        var texts = ArbMap.Default.GeneratorFor<string>().Where(t => t is not null && IsWellFormed(t));
        var scalars = Gen.OneOf(
            Gen.Constant(Node.OfNull(none)),
            ArbMap.Default.GeneratorFor<bool>().Select(b => Node.OfBoolean(b, none)),
            ArbMap.Default.GeneratorFor<int>().Select(i => Node.OfInteger(i * 1_000_003L, string.Empty, none)),
            ArbMap.Default.GeneratorFor<double>().Where(d => double.IsFinite(d) && d != Math.Truncate(d)).Select(d => Node.OfNumber(d, string.Empty, none)),
            texts.Select(t => Node.OfString(t, none)));
        if (depth == 0)
        {
            return scalars;
        }

        var children = GenerateTree(depth - 1);
        return Gen.OneOf(
            scalars,
            children.ListOf(4).Select(items => Node.OfList([.. items], none)),
            texts.Zip(children).ListOf(4).Select(pairs => Node.OfMap(
                [.. pairs.DistinctBy(p => p.Item1, StringComparer.Ordinal).Select(p => new NodeEntry(p.Item1, none, p.Item2))],
                none)));
    }

    private static bool IsWellFormed(string text)
    {
        try
        {
            new UTF8Encoding(false, true).GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
