using EdgeGuard.Fuzz.Running;
using EdgeGuard.Identity.Agents;
using EdgeGuard.Testing;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>
/// The headers that agents sign with (RFC 9421 with its digest and directory fields, the detached JWS, the keyed hash) in one block of lines: only what
/// was signed is verified, for the method and body it was signed for, and once.
/// </summary>
internal sealed class SignatureHeadersTarget : IFuzzTarget
{
    private readonly Lazy<AgentSet> _agents = new(SignedRequests.Agents);

    public string Name => "signature-headers";

    public IReadOnlyList<byte[]> Seeds { get; } = [.. SignedRequests.All.Select(request => request.Bytes)];

    public IReadOnlyList<string> Words { get; } =
    [
        "\n", ": ", "Signature-Input: ", "Signature: ", "Content-Digest: ", "Signature-Agent: ", "X-A: ", "X-Agent-Signature: ", "X-JWS-Signature: ", "s=", "t=", ", ", "(", ")", "()", "\"", "\\", ":", "::", ";",
        ";sf", ";bs", ";key=\"a\"", ";req", ";tr", ";name=\"id\"", ";created=1767225600", ";created=-1", ";created=999999999999999", ";expires=0", ";expires=1767225700", ";nonce=\"x\"", ";alg=\"ed25519\"",
        ";alg=\"hmac-sha256\"", ";keyid=\"ed\"", ";keyid=\"mac\"", ";keyid=\"bot\"", ";tag=\"web-bot-auth\"", " \"@method\"", " \"@authority\"", " \"@path\"", " \"@query\"", " \"@target-uri\"",
        " \"@request-target\"", " \"@scheme\"", " \"@status\"", " \"@query-param\";name=\"id\"", " \"@signature-params\"", " \"content-digest\"", " \"signature-agent\"", " \"x-a\"", "sha-256=", "sha-512=",
        "sha-256=:AAAA:", "\"https://bot.example\"", "?1", "@1", "1.5", "%\"a\"",
    ];

    public int Run(ReadOnlySpan<byte> input)
    {
        var lines = HeaderRequest.Split(input);
        var time = new TestTimeProvider(DateTimeOffset.FromUnixTimeSeconds(SignedRequests.Now));
        var replays = new AgentReplays(time);
        IAgentScheme[] schemes = [new MessageSignatureScheme(replays), new DetachedJwsScheme(replays), new HmacHeaderScheme(replays)];
        var outcome = 0;
        foreach (var scheme in schemes)
        {
            outcome = (outcome * 12) + Verify(scheme, lines);
        }

        return outcome;
    }

    private int Verify(IAgentScheme scheme, List<KeyValuePair<string, string>> lines)
    {
        var request = new HeaderRequest(lines, "POST", SignedRequests.Body);
        if (!scheme.IsPresentIn(request))
        {
            return 0;
        }

        var verdict = Verify(scheme, request);
        if (verdict.Agent is not { } agent)
        {
            var reason = AgentFailures.All.IndexOf(verdict.Failure);
            FuzzFailure.Unless(reason >= 0, "a refusal has one of the known words");
            return 1 + (reason % 11);
        }

        FuzzFailure.Unless(verdict.Failure.Length == 0 && verdict.CreatedAt == SignedRequests.Now, "who is verified says when it signed");
        var signed = SignedRequests.All.FirstOrDefault(one => one.Agent == agent.Definition.Id && one.IsIn(lines, request));
        FuzzFailure.Unless(signed is not null, "only what was signed is verified");
        FuzzFailure.Unless(Verify(scheme, request).Failure == AgentFailures.Replayed, "a signature passes once");
        FuzzFailure.Unless(Verify(scheme, new HeaderRequest(lines, "PUT", SignedRequests.Body)).Agent is null, "the method is signed");
        FuzzFailure.Unless(Verify(scheme, new HeaderRequest(lines, "post", SignedRequests.Body)).Agent is null, "methods differ by case");
        FuzzFailure.Unless(!signed.CoversBody || Verify(scheme, new HeaderRequest(lines, "POST", "{}"u8.ToArray())).Failure.Length > 0, "the body is signed");
        return 1;
    }

    private AgentVerdict Verify(IAgentScheme scheme, HeaderRequest request) =>
        scheme.VerifyAsync(request, _agents.Value, SignedRequests.Now, CancellationToken.None).AsTask().GetAwaiter().GetResult();
}
