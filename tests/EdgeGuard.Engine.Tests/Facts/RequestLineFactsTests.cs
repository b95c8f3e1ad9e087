using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Tests.Facts;

public sealed class RequestLineFactsTests
{
    [Theory]
    [InlineData("/", null, null)]
    [InlineData("/a", "a", null)]
    [InlineData("/a/", "a", null)]
    [InlineData("/a/b", "a", "b")]
    [InlineData("/a/b/c", "a", "b")]
    [InlineData("//a///b/", "a", "b")]
    [InlineData("/a b/ü", "a b", "ü")]
    public void Fill_PathSegments_AreCountedWithoutEmptyOnes(string path, string? first, string? second)
    {
        var plan = Plan(new(DescriptorKind.PathSegment, "1"), new(DescriptorKind.PathSegment, "2"));
        var facts = Filled(plan, "GET", "h", path);
        Assert.Equal(first, Value(facts, 0));
        Assert.Equal(second, Value(facts, 1));
    }

    [Fact]
    public void Fill_MethodAndHost_AreTheRequests()
    {
        var facts = Filled(Plan(new(DescriptorKind.Method, string.Empty), new(DescriptorKind.Host, string.Empty)), "PATCH", "api.test", "/");
        Assert.Equal("PATCH", Value(facts, 0));
        Assert.Equal("api.test", Value(facts, 1));
    }

    [Fact]
    public void Fill_NoHost_LeavesItMissing() =>
        Assert.Null(Value(Filled(Plan(new DescriptorKey(DescriptorKind.Host, string.Empty)), "GET", string.Empty, "/"), 0));

    private static FactPlan Plan(params DescriptorKey[] keys) => new([.. keys]);

    private static FactSet Filled(FactPlan plan, string method, string host, string path)
    {
        var facts = new FactSet();
        facts.Begin(plan);
        RequestLineFacts.Fill(plan, Encoding.UTF8.GetBytes(method), Encoding.UTF8.GetBytes(host), Encoding.UTF8.GetBytes(path), facts);
        return facts;
    }

    private static string? Value(FactSet facts, int slot) =>
        facts.StateOf(slot) == FactState.Present ? Encoding.UTF8.GetString(facts.ValueOf(slot)) : null;
}
