using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>
/// A whole decision by a caller who is known: verify, fill the one fact, decide. All that is asked on every request is asked here too: the issuer's rules,
/// the binding, revocations.
/// </summary>
internal sealed class CallerScenario : IAsyncDisposable
{
    private const long Start = 1_767_225_600_000_000_007;
    private const int Attempts = 100;

    private readonly CounterTable _table = CounterTable.Create(new CounterTableOptions(16 * 1024 * 1024, new UInt128(1, 2)));
    private readonly DecisionEngine _engine;
    private readonly PolicySnapshot _snapshot;
    private readonly FactSet _facts = new();
    private readonly SocketsHttpHandler _http = new();
    private readonly CallerVerifier _callers;
    private readonly BenchRequest _request;
    private readonly CredentialKinds _kind;
    private readonly string _claim;
    private long _now = Start;

    private CallerScenario(CredentialKinds kind, DescriptorKey key, IdentitySources sources, BenchRequest request)
    {
        (_kind, _claim, _request) = (kind, key.Name!, request);
        _engine = new DecisionEngine(_table);
        _snapshot = PolicySnapshot.Empty.WithPolicy(PolicyCompiler.Compile(Document(key), "bench"));
        _engine.Prepare(_snapshot);
        _callers = new CallerVerifier(new IdentityOptions(), _http, TimeProvider.System);
        _callers.Use(sources);
    }

    /// <summary>A remembered RS256 token and a rule by <c>jwt:sub</c>.</summary>
    public static async Task<CallerScenario> OfTokenAsync()
    {
        var signer = TokenSigner.Create("RS256");
        var request = new BenchRequest(CredentialKinds.Jwt).Add("Authorization", signer.Bearer(1));
        return await ReadyAsync(new(
            CredentialKinds.Jwt, new DescriptorKey(DescriptorKind.Claim, "sub"), new IdentitySources { Issuers = [signer.Issuer] }, request));
    }

    /// <summary>An API key and a rule by <c>key:org</c>.</summary>
    public static async Task<CallerScenario> OfApiKeyAsync()
    {
        var key = ApiKeyText.Create(isPublishable: false, "live");
        var known = new ApiKeyDefinition { Id = "k", IsPublishable = false, Sha256 = ApiKeyText.DigestText(key), Organization = "acme" };
        var request = new BenchRequest(CredentialKinds.ApiKey).Add("X-API-Key", key);
        return await ReadyAsync(new(
            CredentialKinds.ApiKey, new DescriptorKey(DescriptorKind.KeyProperty, "org"), new IdentitySources { ApiKeys = [known] }, request));
    }

    public bool Decide()
    {
        var pending = _callers.VerifyAsync(_request, _kind, CancellationToken.None);
        if (!pending.IsCompletedSuccessfully)
        {
            return false;
        }

        var credential = _kind == CredentialKinds.Jwt ? pending.Result.Token : pending.Result.Key;
        if (credential is not { Outcome: CredentialOutcome.Verified })
        {
            return false;
        }

        _facts.Begin(_snapshot.Facts);
        _facts.Set(0, credential.Values[_claim].AsSpan());
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

    // What is verified while the first keys come in is forgotten when they are there, so one verification is not enough.
    private static async Task<CallerScenario> ReadyAsync(CallerScenario scenario)
    {
        for (var i = 0; i < Attempts; i++)
        {
            var pending = scenario._callers.VerifyAsync(scenario._request, scenario._kind, CancellationToken.None);
            if (pending.IsCompletedSuccessfully && scenario.Decide())
            {
                return scenario;
            }

            await pending;
        }

        throw new InvalidOperationException("The caller to measure is not remembered.");
    }

    private static PolicyDocument Document(DescriptorKey key) => new()
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
                        Name = "per-caller",
                        LimitKeys = [key],
                        Algorithm = new TokenBucketDefinition { TokensPerSecond = 2_000_000, Burst = 2_000_000 },
                    },
                ],
            },
        ],
    };
}
