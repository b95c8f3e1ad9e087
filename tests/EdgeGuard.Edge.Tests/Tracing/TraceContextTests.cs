using EdgeGuard.Edge.Tracing;

namespace EdgeGuard.Edge.Tests.Tracing;

public sealed class TraceContextTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";

    [Theory]
    [InlineData($"00-{Trace}-{Parent}-01", true)]
    [InlineData($"00-{Trace}-{Parent}-00", false)]
    [InlineData($"00-{Trace}-{Parent}-03", true)] // A flag that version 00 does not know.
    [InlineData($"00-{Trace}-{Parent}-fe", false)]
    [InlineData($"cc-{Trace}-{Parent}-01", true)] // A version that is not known yet, of the same length,
    [InlineData($"cc-{Trace}-{Parent}-01-what-the-future-brings", true)] // and longer.
    [InlineData($"01-{Trace}-{Parent}-01-", true)]
    public void Continue_OfAValidHeader_KeepsTheTraceAndNamesThisEdgeAsParent(string header, bool sampled)
    {
        Assert.True(TraceContext.TryContinue(header, out var context));

        Assert.Equal(Trace, context.TraceId.ToString("x32", null));
        Assert.Equal(Parent, context.ParentId.ToString("x16", null));
        Assert.Equal(sampled, context.IsSampled);
        Assert.True(context.IsContinued);
        Assert.NotEqual(context.ParentId, context.SpanId);
        Assert.Equal($"00-{Trace}-{context.SpanId:x16}-{(sampled ? "01" : "00")}", context.ToHeader());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData($"ff-{Trace}-{Parent}-01")]
    [InlineData($"00-{Trace}-{Parent}-01-")]
    [InlineData($"00-{Trace}-{Parent}-01-more")]
    [InlineData($"cc-{Trace}-{Parent}-01.what")]
    [InlineData($"cc-{Trace}-{Parent}-0")]
    [InlineData("00-00000000000000000000000000000000-" + Parent + "-01")]
    [InlineData($"00-{Trace}-0000000000000000-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-" + Parent + "-01")]
    [InlineData($"00-{Trace}-B7AD6B7169203331-01")]
    [InlineData($"0X-{Trace}-{Parent}-01")]
    [InlineData($"00-{Trace}-{Parent}-0x")]
    [InlineData($"00-{Trace}-{Parent}-0A")]
    [InlineData($"00-{Trace}_{Parent}-01")]
    [InlineData($"00_{Trace}-{Parent}-01")]
    [InlineData($"00-{Trace}-{Parent}_01")]
    [InlineData($" 00-{Trace}-{Parent}-01")]
    [InlineData($"00-{Trace}-{Parent}-01 ")]
    [InlineData($"00-{Trace}-{Parent}-01,00-{Trace}-{Parent}-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319\u0660-" + Parent + "-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319-" + Parent + "-001")]
    public void Continue_OfAnInvalidHeader_IsRefused(string header) => Assert.False(TraceContext.TryContinue(header, out _));

    [Fact]
    public void Continue_WithAnyOneCharacterChanged_IsRefusedOrStaysWellFormed()
    {
        var valid = $"00-{Trace}-{Parent}-01";
        for (var at = 0; at < valid.Length; at++)
        {
            foreach (var c in "0aAfgGz-_ \0,\u00e9")
            {
                var changed = valid.ToCharArray();
                changed[at] = c;
                if (TraceContext.TryContinue(changed, out var context))
                {
                    Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$", context.ToHeader());
                    Assert.DoesNotContain(new string('0', 32), context.ToHeader(), StringComparison.Ordinal);
                }
            }
        }
    }

    [Theory]
    [InlineData(0UL, false)]
    [InlineData(1UL << 56, true)]
    public void Begin_AtTheEndsOfTheRange_SamplesNoneOrAll(ulong below, bool sampled)
    {
        for (var i = 0; i < 1000; i++)
        {
            var context = TraceContext.Begin(below);
            Assert.Equal(sampled, context.IsSampled);
            Assert.False(context.IsContinued);
            Assert.NotEqual(UInt128.Zero, context.TraceId);
            Assert.NotEqual(0UL, context.SpanId);
        }
    }
}
