using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Identity;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Tests.Bundles;

public sealed class ReferenceTests
{
    [Theory]
    [InlineData("https://${env:LOGIN_HOST}/jwks", "login.example", "https://login.example/jwks")]
    [InlineData("${env:LOGIN_HOST}", "https://login.example/jwks", "https://login.example/jwks")]
    [InlineData("https://login.example/${env:LOGIN_HOST}/jwks", "tenant-1", "https://login.example/tenant-1/jwks")]
    public void Address_WholeOrInParts_IsResolved(string url, string value, string expected)
    {
        var (resolved, problems) = Resolve(url, value);

        Assert.Empty(problems);
        Assert.Equal(expected, resolved);
    }

    [Theory]
    [InlineData("elsewhere.example")]
    [InlineData("login.example.elsewhere.example")]
    [InlineData("login.example@elsewhere.example")]
    [InlineData("name:word@login.example")]
    [InlineData("elsewhere.example/?login.example")]
    [InlineData("[no host")]
    public void Address_ResolvedToWhatIsNotAllowed_IsRefusedWithoutShowingIt(string value)
    {
        var problem = Assert.Single(Resolve("https://${env:LOGIN_HOST}/jwks", value).Problems);

        Assert.Equal((EdgeCodes.ResolvedAddressRefused, Severity.Error), (problem.Code, problem.Severity));
        Assert.DoesNotContain(value, problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://${env:LOGIN_HOST}/jwks", null)]
    [InlineData("https://${env:LOGIN_HOST}/jwks", "")]
    [InlineData("https://${env:OTHER}/jwks", "login.example")]
    [InlineData("https://${file:/etc/hostname}/jwks", "login.example")]
    public void Reference_ThatNamesNothingAllowed_IsRefused(string url, string? value)
    {
        var problem = Assert.Single(Resolve(url, value).Problems);

        Assert.Equal(EdgeCodes.ReferenceNotResolved, problem.Code);
    }

    [Fact]
    public async Task Bundle_WhoseReferenceLeadsElsewhere_IsRefusedAsAWhole()
    {
        const string Bundle = """
            format: edgeguard/v1
            bundle_version: 1
            issuers:
              - {id: main, issuer: 'https://login.example', audiences: [api], algorithms: [RS256], jwks_url: 'https://${env:LOGIN_HOST}/jwks'}
            policies:
              - id: users
                spec:
                  selector: {pathPrefix: /}
                  rules:
                    - {name: per-user, limit_keys: ['jwt:sub'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1} }
            """;
        var problem = await Assert.ThrowsAsync<StartException>(() => EdgeUnderTest.StartAsync(
            Bundle,
            options => options with { FetchAllowedHosts = ["login.example"], ReferenceEnvironment = ["LOGIN_HOST"] },
            new EdgeHostSettings { Environment = name => name == "LOGIN_HOST" ? "elsewhere.example" : null }));

        Assert.Equal(EdgeCodes.ResolvedAddressRefused, Assert.Single(problem.Diagnostics, finding => finding.Severity == Severity.Error).Code);
    }

    private static (string? Url, IReadOnlyList<Diagnostic> Problems) Resolve(string url, string? value)
    {
        var options = new EdgeOptions { ReferenceEnvironment = ["LOGIN_HOST"] };
        var resolver = new ReferenceResolver(
            options, new IdentityOptions { FetchHosts = ["login.example"] }, name => name == "LOGIN_HOST" ? value : null);
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        var issuer = new IssuerDefinition { Id = "main", Issuer = "https://login.example", JwksUrl = url };
        var document = new PolicyDocument { Format = DocumentFormat.Native, BundleVersion = 1, Issuers = [issuer] };
        return (Assert.Single(resolver.Resolve(document, problems).Issuers).JwksUrl, problems);
    }
}
