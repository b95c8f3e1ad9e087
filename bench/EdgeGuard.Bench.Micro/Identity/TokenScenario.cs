using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>
/// A request with a remembered token and one rule by <c>jwt:sub</c>: verify, fill the fact, decide. The rules of the issuer are asked each time, as they are live.
/// </summary>
internal sealed class TokenScenario : IAsyncDisposable
{
    private const long Start = 1_767_225_600_000_000_007;

    private readonly CounterTable _table = CounterTable.Create(new CounterTableOptions(16 * 1024 * 1024, new UInt128(1, 2)));
    private readonly DecisionEngine _engine;
    private readonly PolicySnapshot _snapshot;
    private readonly FactSet _facts = new();
    private readonly SocketsHttpHandler _http = new();
    private readonly CallerVerifier _callers;
    private readonly BearerRequest _request;
    private long _now = Start;

    private TokenScenario(TokenSigner signer)
    {
        _engine = new DecisionEngine(_table);
        _snapshot = PolicySnapshot.Empty.WithPolicy(PolicyCompiler.Compile(Document(), "bench"));
        _engine.Prepare(_snapshot);
        _request = new BearerRequest(signer.Bearer(1));
        _callers = new CallerVerifier(new IdentityOptions(), _http, TimeProvider.System);
        _callers.Use(new IdentitySources { Issuers = [signer.Issuer] });
    }

    public static async Task<TokenScenario> CreateAsync()
    {
        var scenario = new TokenScenario(TokenSigner.Create("RS256"));
        var caller = await scenario._callers.VerifyAsync(scenario._request, CredentialKinds.Jwt, CancellationToken.None);
        return caller.Token is { Outcome: CredentialOutcome.Verified }
            ? scenario
            : throw new InvalidOperationException("The token to measure was refused: " + caller.Token?.Failure);
    }

    public bool Decide()
    {
        var pending = _callers.VerifyAsync(_request, CredentialKinds.Jwt, CancellationToken.None);
        if (!pending.IsCompletedSuccessfully || pending.Result.Token is not { Outcome: CredentialOutcome.Verified } token)
        {
            return false;
        }

        _facts.Begin(_snapshot.Facts);
        _facts.Set(0, token.Values["sub"].AsSpan());
        _now += 1000;
        var view = new RequestView("GET"u8, "api.example.com"u8, "/v1/items"u8, _facts);
        var time = new EngineTime(_now, _now / 1_000_000);
        var admitted = _engine.Decide(_snapshot, in view, time, out var admission).IsAdmitted;
        if (!admission.IsEmpty)
        {
            _engine.Finish(admission, Ending.Completed, time);
        }

        return admitted;
    }

    public async ValueTask DisposeAsync()
    {
        await _callers.DisposeAsync();
        _http.Dispose();
        _table.Dispose();
    }

    private static PolicyDocument Document() => new()
    {
        Format = DocumentFormat.Native,
        BundleVersion = 1,
        Policies =
        [
            new PolicyDefinition
            {
                Id = "p",
                Selector = new SelectorDefinition { PathPrefix = "/v1/" },
                Rules =
                [
                    new RuleDefinition
                    {
                        Name = "per-user",
                        LimitKeys = [new DescriptorKey(DescriptorKind.Claim, "sub")],
                        Algorithm = new TokenBucketDefinition { TokensPerSecond = 2_000_000, Burst = 2_000_000 },
                    },
                ],
            },
        ],
    };
}
