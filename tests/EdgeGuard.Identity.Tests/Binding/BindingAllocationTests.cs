using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Binding;
using EdgeGuard.Identity.Replays;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Binding;

/// <summary>What a binding costs on each request with a remembered token (<c>bench/identity-budgets.json</c>).</summary>
public sealed class BindingAllocationTests
{
    private const int Requests = 500;
    private const int Proofs = 50;

    [Theory]
    [InlineData("device-1")]
    [InlineData("dévice ✓")]
    public async Task VerifyAsync_RememberedTokenWithFingerprint_AllocatesNothing(string device)
    {
        await using var harness = await IdentityHarness.StartAsync();
        var claims = IdentityHarness.Claims();
        claims["fph"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(device)));
        var request = new FakeRequest(("Authorization", "Bearer " + harness.Issue(claims)), ("X-Device-Fingerprint", " " + device));

        Assert.Equal(IdentityBudgets.Of("bytes_per_bound_token"), await LeastAsync(harness, BindingKinds.Fingerprint, request));
    }

    [Fact]
    public async Task VerifyAsync_RememberedTokenWithLongFingerprint_AllocatesNothing()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var device = new string('d', 5000);
        var claims = IdentityHarness.Claims();
        claims["fph"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(device)));
        var request = new FakeRequest(("Authorization", "Bearer " + harness.Issue(claims)), ("X-Device-Fingerprint", device));

        Assert.Equal(IdentityBudgets.Of("bytes_per_bound_token"), await LeastAsync(harness, BindingKinds.Fingerprint, request));
    }

    [Fact]
    public async Task VerifyAsync_RememberedTokenWithCertificate_AllocatesNothing()
    {
        await using var harness = await IdentityHarness.StartAsync();
        using var rsa = RSA.Create(2048);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var held = new CertificateRequest("CN=a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(start, start.AddYears(1));
        var claims = IdentityHarness.Claims();
        claims["cnf"] = new JsonObject { ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(held.RawData)) };
        var request = new FakeRequest(("Authorization", "Bearer " + harness.Issue(claims))) { ClientCertificate = held };

        Assert.Equal(IdentityBudgets.Of("bytes_per_bound_token"), await LeastAsync(harness, BindingKinds.Certificate, request));
    }

    [Fact]
    public void DpopCheck_ProofOfAKnownKey_StaysWithinItsBudget()
    {
        var time = new TestTimeProvider();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var check = new DpopCheck(time, new DpopNonces(time));
        var binding = new BindingDefinition { Kinds = BindingKinds.Dpop };
        var proofs = new DpopProofs(key, time);
        var requests = new FakeRequest[Proofs];
        var perProof = Allocations.Least(
            () =>
            {
                foreach (var request in requests)
                {
                    Assert.Null(check.Check(request, DpopProofs.Token, proofs.Thumbprint, binding, AgeLimit.Of(binding.DpopMaxAge)));
                }
            },
            () =>
            {
                for (var i = 0; i < Proofs; i++)
                {
                    requests[i] = proofs.Next();
                }
            }) / (double)Proofs;

        Assert.InRange(perProof, 1, IdentityBudgets.Of("bytes_per_dpop_proof"));
    }

    private static async Task<double> LeastAsync(IdentityHarness harness, BindingKinds kinds, FakeRequest request)
    {
        var verifier = new BoundTokenVerifier(
            harness.Verifier, new IdentityOptions(), new FailureLimiter(20, 1, harness.Time), new DpopNonces(harness.Time), harness.Time);
        verifier.Use(new IdentitySources { Issuers = [harness.Issuer() with { Binding = new BindingDefinition { Kinds = kinds } }] });
        await harness.IdleAfterAsync(1);
        Assert.Equal("", (await verifier.VerifyAsync(request, CancellationToken.None).AsTask().Within("verification")).Failure);
        return Allocations.Least(() =>
        {
            for (var i = 0; i < Requests; i++)
            {
                var pending = verifier.VerifyAsync(request, CancellationToken.None);
                Assert.True(pending.IsCompletedSuccessfully && pending.GetAwaiter().GetResult().Outcome == CredentialOutcome.Verified);
            }
        }) / (double)Requests;
    }
}
