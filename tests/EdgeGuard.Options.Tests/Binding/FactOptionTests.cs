namespace EdgeGuard.Options.Tests.Binding;

public sealed class FactOptionTests
{
    [Fact]
    public void FactHeaders_Unset_AreThePeers()
    {
        var headers = OptionsInput.ValidEdge().LoadEdge().Options!.FactHeaders;
        Assert.Equal(("X-Country-Code", "X-ASN", "", "X-Tor-Exit"), (headers.Country, headers.Asn, headers.Type, headers.Tor));
    }

    [Fact]
    public void FactHeaders_Empty_AreNone() =>
        Assert.Empty(OptionsInput.ValidEdge().WithFlags("--fact-headers.country", "").LoadEdge().Options!.FactHeaders.Country);

    [Theory]
    [InlineData("Host")]
    [InlineData("content-length")]
    [InlineData("Authorization")]
    [InlineData("X Country")]
    [InlineData("X_Country")]
    [InlineData("X-Country:")]
    public void FactHeaders_ThatMeanSomethingElse_AreRefused(string name)
    {
        var problem = Assert.Single(OptionsInput.ValidEdge().WithFlags("--fact-headers.asn", name).LoadEdge().Diagnostics);
        Assert.Equal(("EG3004", "fact_headers.asn"), (problem.Code, problem.Path));
    }

    [Fact]
    public void DataFiles_Set_AreBound()
    {
        var files = OptionsInput.ValidEdge()
            .WithFlags("--data-files.country", "c", "--data-files.asn", "a", "--data-files.type", "t", "--data-files.tor", "x").LoadEdge().Options!.DataFiles;
        Assert.Equal(("c", "a", "t", "x"), (files.Country, files.Asn, files.Type, files.Tor));
    }
}
