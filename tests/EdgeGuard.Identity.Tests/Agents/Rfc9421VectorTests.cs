using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Agents;
using EdgeGuard.Identity.Signatures;

namespace EdgeGuard.Identity.Tests.Agents;

/// <summary>
/// RFC 9421 appendix B, as far as it is about requests and our algorithms: B.2.5 (HMAC), B.2.6 (Ed25519), B.3 (ECDSA) and B.4 (Ed25519). B.2.1 to
/// B.2.3 use RSA-PSS, which no agent signs with; B.2.4 signs a response, so that only its signature is checked here.
/// </summary>
public sealed class Rfc9421VectorTests
{
    private const string ClientCertificate =
        ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNa"
        + "Fw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEF"
        + "cGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0R"
        + "AQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBV"
        + "Z1yhk=:";

    private static readonly AgentDefinition[] Agents =
    [
        AgentHarness.Ed25519("test-key-ed25519") with { RequiredComponents = ["@authority"] },
        AgentHarness.P256("test-key-ecc-p256") with { PublicKey = Rfc9421Keys.P256, RequiredComponents = ["@authority"] },
        AgentHarness.Hmac("test-shared-secret") with { Secret = Rfc9421Keys.SharedSecret, RequiredComponents = ["@authority"] },
    ];

    public static TheoryData<string> Vectors => ["B.2.5", "B.2.6", "B.3", "B.4"];

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task VerifyAsync_Vector_IsVerified(string vector)
    {
        await using var harness = new AgentHarness(Agents);

        var result = await harness.VerifyAsync(Request(vector));

        Assert.Equal((CredentialOutcome.Verified, ""), (result.Outcome, result.Failure));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task VerifyAsync_VectorWithOneChange_IsRefused(string vector)
    {
        await using var harness = new AgentHarness(Agents);
        Action<FakeRequest>[] changes =
        [
            request => request.Authority = "attacker.example",
            request => Replace(request, "Signature-Input", "created=1618884473", "created=1618884472"),
            request => Replace(request, "Signature-Input", "\"@authority\"", "\"@authority\" \"@scheme\""),
            request => Replace(request, "Signature-Input", ";keyid", ";nonce=\"n\";keyid"),
            request => FlipSignature(request, 1),
            request => FlipSignature(request, 30),
        ];
        foreach (var change in changes)
        {
            var request = Request(vector);
            change(request);

            Assert.Equal(AgentFailures.BadSignature, await harness.FailureAsync(request));
        }
    }

    [Fact]
    public void Verifies_EcdsaVectorOfAResponse_Fits()
    {
        const string Base =
            "\"@status\": 200\n\"content-type\": application/json\n"
            + "\"content-digest\": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:\n"
            + "\"content-length\": 23\n"
            + "\"@signature-params\": (\"@status\" \"content-type\" \"content-digest\" \"content-length\");created=1618884473;keyid=\"test-key-ecc-p256\"";
        var key = AgentKeys.Of(Bundles.Keys.PublicKeyReader.Read(Rfc9421Keys.P256).Key!, AgentKeys.P256)!;
        var signature = Convert.FromBase64String("wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==");

        Assert.True(key.Verifies(Encoding.ASCII.GetBytes(Base), signature));
        Assert.False(key.Verifies(Encoding.ASCII.GetBytes(Base + " "), signature));
        Assert.False(key.Verifies(Encoding.ASCII.GetBytes(Base), signature.AsSpan(0, 63)));
    }

    [Fact]
    public void Build_Vector_GivesTheBaseOfTheRfc()
    {
        var request = Request("B.2.6");
        var signature = MessageSignatureReader.Read(request.CombinedOf("Signature-Input")!, request.CombinedOf("Signature")!, out _)![0];

        var built = SignatureBase.Build(signature, request, RequestParts.Of(request)!);

        Assert.Equal(
            "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n\"@path\": /foo\n\"@authority\": example.com\n\"content-type\": application/json\n"
            + "\"content-length\": 18\n\"@signature-params\": (\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")"
            + ";created=1618884473;keyid=\"test-key-ed25519\"",
            Encoding.ASCII.GetString(built!));
    }

    [Fact]
    public async Task VerifyAsync_TransformationsOfB4_AreTakenAndRefusedAsTheRfcSays()
    {
        await using var harness = new AgentHarness(Agents);
        var more = Request("B.4");
        more.Target = "/demo?name1=Value1&Name2=value2&param=added";
        more.Add("Accept-Language", "en-US,en;q=0.5");
        var collapsed = Request("B.4").Set("Accept", "application/json, */*");
        collapsed.Remove("Date");
        var method = Request("B.4");
        method.Method = "POST";
        var reordered = Request("B.4").Set("Accept", "*/*").Add("Accept", "application/json");
        var moved = Request("B.4");
        moved.Authority = "example.com";

        Assert.Equal("", await harness.FailureAsync(more));
        Assert.Equal("", await harness.FailureAsync(collapsed));
        Assert.Equal(AgentFailures.BadSignature, await harness.FailureAsync(method));
        Assert.Equal(AgentFailures.BadSignature, await harness.FailureAsync(reordered));
        Assert.Equal(AgentFailures.BadSignature, await harness.FailureAsync(moved));
    }

    private static FakeRequest Request(string vector)
    {
        var request = new FakeRequest { Method = "POST", Authority = "example.com", Target = "/foo?param=Value&Pet=dog", Body = "{\"hello\": \"world\"}"u8.ToArray() };
        request.Add("Date", "Tue, 20 Apr 2021 02:07:55 GMT")
            .Add("Content-Type", "application/json")
            .Add("Content-Digest", "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:")
            .Add("Content-Length", "18");
        switch (vector)
        {
            case "B.2.5":
                return Add(request, "sig-b25", "(\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"", "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=");
            case "B.2.6":
                return Add(
                    request,
                    "sig-b26",
                    "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"",
                    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==");
            case "B.3":
                request.Authority = "service.internal.example";
                return Add(
                    request.Add("Client-Cert", ClientCertificate),
                    "ttrp",
                    "(\"@path\" \"@query\" \"@method\" \"@authority\" \"client-cert\");created=1618884473;keyid=\"test-key-ecc-p256\"",
                    "xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==");
            default:
                request = new FakeRequest { Authority = "example.org", Target = "/demo?name1=Value1&Name2=value2" };
                return Add(
                    request.Add("Date", "Fri, 15 Jul 2022 14:24:55 GMT").Add("Accept", "application/json").Add("Accept", "*/*"),
                    "transform",
                    "(\"@method\" \"@path\" \"@authority\" \"accept\");created=1618884473;keyid=\"test-key-ed25519\"",
                    "ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==");
        }
    }

    private static FakeRequest Add(FakeRequest request, string label, string input, string signature) =>
        request.Add("Signature-Input", $"{label}={input}").Add("Signature", $"{label}=:{signature}:");

    private static void Replace(FakeRequest request, string name, string what, string by) =>
        request.Set(name, request.FirstOf(name)!.Replace(what, by, StringComparison.Ordinal));

    private static void FlipSignature(FakeRequest request, int index)
    {
        var parts = request.FirstOf("Signature")!.Split(':');
        var bytes = Convert.FromBase64String(parts[1]);
        bytes[index] ^= 1;
        request.Set("Signature", $"{parts[0]}:{Convert.ToBase64String(bytes)}:");
    }
}
