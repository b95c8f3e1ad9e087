using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Agents;
using EdgeGuard.Identity.Signatures;
using EdgeGuard.Identity.Structured;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Agents;

/// <summary>An agent verifier with agents of each algorithm, at the time of RFC 9421's examples, and what their holders sign with.</summary>
internal sealed class AgentHarness : IAsyncDisposable
{
    /// <summary>When the examples of RFC 9421 were signed.</summary>
    public const long Now = 1618884473;

    private static readonly byte[] Seed = Base64Url.DecodeFromChars(Rfc9421Keys.Ed25519Seed);
    private static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("a secret of more than sixteen bytes");

    private readonly StubDirectory _directory = new();

    public AgentHarness(params AgentDefinition[] agents)
        : this(AgentReplays.DefaultCapacity, agents)
    {
    }

    /// <summary>One that remembers few signatures.</summary>
    public AgentHarness(int replays, params AgentDefinition[] agents)
    {
        Verifier = new AgentVerifier(
            new IdentityOptions { FetchHosts = ["bot.example"] }, new HttpMessageInvoker(_directory), Time, new FailureLimiter(20, 1, Time), replays);
        Verifier.Use(new IdentitySources { Agents = [.. agents.Length == 0 ? [Ed25519(), P256(), Hmac()] : agents] });
    }

    public TestTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(Now));

    public AgentVerifier Verifier { get; }

    public StubDirectory Directory => _directory;

    public static AgentDefinition Ed25519(string id = "ed") => new()
    {
        Id = id,
        Scheme = AgentScheme.HttpMessageSignature,
        Algorithm = "ed25519",
        PublicKey = Rfc9421Keys.Ed25519,
        Organization = "acme",
        Scopes = ["read", "write"],
    };

    public static AgentDefinition P256(string id = "ec") => new()
    {
        Id = id,
        Scheme = AgentScheme.HttpMessageSignature,
        Algorithm = "ecdsa-p256-sha256",
        PublicKey = Ec.ExportSubjectPublicKeyInfoPem(),
    };

    public static AgentDefinition Hmac(string id = "mac") => new()
    {
        Id = id,
        Scheme = AgentScheme.HttpMessageSignature,
        Algorithm = "hmac-sha256",
        Secret = Encoding.ASCII.GetString(Secret),
    };

    public static FakeRequest Request(string method = "GET") => new() { Method = method, Authority = "api.example", Target = "/v1/items?id=7&b=2" };

    /// <summary>Signs with the key of an algorithm.</summary>
    public static byte[] Sign(string algorithm, byte[] data) => algorithm switch
    {
        "ed25519" => EdgeGuard.Identity.Crypto.Ed25519.Sign(Seed, data),
        "ecdsa-p256-sha256" => Ec.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        _ => HMACSHA256.HashData(Secret, data),
    };

    /// <summary>Adds a signature over components as they stand in <c>Signature-Input</c>: <c>"@method" "@path"</c>.</summary>
    public static FakeRequest Signed(
        FakeRequest request,
        string components = "\"@method\" \"@authority\" \"@path\"",
        string parameters = ";created=1618884473;keyid=\"ed\"",
        string algorithm = "ed25519",
        string label = "sig")
    {
        var input = $"{label}=({components}){parameters}";
        var signatures = MessageSignatureReader.Read(input, $"{label}=:AA==:", out var failure);
        Assert.True(signatures is not null, failure);
        var signed = SignatureBase.Build(signatures[0], request, RequestParts.Of(request)!);
        Assert.NotNull(signed);
        return request.Add("Signature-Input", input).Add("Signature", $"{label}=:{Convert.ToBase64String(Sign(algorithm, signed))}:");
    }

    public async Task<Credential> VerifyAsync(IIncomingRequest request) =>
        await Verifier.VerifyAsync(request, CancellationToken.None).AsTask().Within("verification");

    /// <summary>The word of a refusal; empty when verified.</summary>
    public async Task<string> FailureAsync(IIncomingRequest request) => (await VerifyAsync(request)).Failure;

    public ValueTask DisposeAsync() => Verifier.DisposeAsync();

    /// <summary>Writes a header of the structured kind.</summary>
    public static string Bytes(byte[] value) => StructuredFieldWriter.Write(new FieldItem(BareItem.OfBytes(value), FieldParameters.None));
}
