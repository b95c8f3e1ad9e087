using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Keys;
using EdgeGuard.Identity.Replays;

namespace EdgeGuard.Identity.Agents;

/// <summary>Verifies registered agents by their signatures over the request.</summary>
internal sealed class AgentVerifier : ICredentialVerifier, IAsyncDisposable
{
    private static readonly Credential NoAgent = Credential.None(CredentialKinds.Agent);
    private static readonly TimeSpan StaleAfter = TimeSpan.FromHours(24);

    private readonly IdentityOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private readonly FailureLimiter _failures;
    private readonly ImmutableArray<IAgentScheme> _schemes;
    private readonly AgentReplays _replays;
    private readonly AgeLimits _limits;
    private readonly Lock _lock = new();
    private readonly List<Task> _disposals = [];
    private Dictionary<string, AgentDirectory> _directories = new(StringComparer.Ordinal);
    private AgentSet _agents = AgentSet.None;
    private bool _disposed;

    /// <summary>A verifier without agents.</summary>
    /// <param name="options">What the edge's options say.</param>
    /// <param name="http">Sends the requests for key directories, without redirects. Not disposed.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="failures">Bounds what clients may fail.</param>
    /// <param name="replays">Most signatures and nonces that are remembered.</param>
    public AgentVerifier(
        IdentityOptions options, HttpMessageInvoker http, TimeProvider time, FailureLimiter failures, int replays = AgentReplays.DefaultCapacity)
    {
        _failures = failures;
        _options = options;
        _http = http;
        _time = time;
        _replays = new AgentReplays(time, replays);
        _limits = new AgeLimits(time);
        _schemes = [new MessageSignatureScheme(_replays), new DetachedJwsScheme(_replays), new HmacHeaderScheme(_replays)];
    }

    /// <inheritdoc />
    public CredentialKinds Kind => CredentialKinds.Agent;

    /// <summary>How it stands with the signatures that are remembered.</summary>
    public ReplayStatus Replays => _replays.Status;

    /// <summary>How it stands with the keys that agents publish, by agent id.</summary>
    public ImmutableArray<AgentDirectoryStatus> GetStatus() =>
    [
        .. Volatile.Read(ref _agents).Published.Select(agent => new AgentDirectoryStatus(
            agent.Definition.Id,
            agent.Directory!.Keys.IsUsable,
            agent.Directory.Keys.KeyCount,
            agent.Directory.Keys.Age,
            agent.Directory.Keys.FetchesOk,
            agent.Directory.Keys.FetchesFailed,
            agent.Directory.Keys.Problems)),
    ];

    /// <inheritdoc />
    public void Use(IdentitySources sources)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var before = _directories;
            var after = new Dictionary<string, AgentDirectory>(StringComparer.Ordinal);
            AgentDirectory Directory(AgentDefinition agent)
            {
                var address = agent.KeyDirectory!;
                if (!after.TryGetValue(address, out var directory))
                {
                    directory = before.GetValueOrDefault(address) ?? Start(agent);
                    after.Add(address, directory);
                }

                return directory;
            }

            Volatile.Write(ref _agents, AgentSet.Of(sources.Agents, Directory, _limits.Use(sources.Agents.DistinctBy(agent => agent.Id).Select(agent => (agent.Id, agent.MaxAge)))));
            _directories = after;
            _disposals.RemoveAll(task => task.IsCompleted);
            _disposals.AddRange(before.Values.Except(after.Values).Select(directory => directory.DisposeAsync().AsTask()));
        }
    }

    /// <inheritdoc />
    public ValueTask<Credential> VerifyAsync(IIncomingRequest request, CancellationToken cancellation)
    {
        var agents = Volatile.Read(ref _agents);
        if (agents.IsEmpty)
        {
            return new(NoAgent);
        }

        IAgentScheme? presented = null;
        foreach (var scheme in _schemes)
        {
            if (!agents.Has(scheme.Scheme) || !scheme.IsPresentIn(request))
            {
                continue;
            }

            if (presented is not null)
            {
                return new(Refuse(AgentFailures.Ambiguous));
            }

            presented = scheme;
        }

        return presented is null || (request.Wanted & Kind) == CredentialKinds.None ? new(NoAgent) : new(VerifyAsync(presented, request, agents, cancellation));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Task[] pending;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            pending = [.. _disposals, .. _directories.Values.Select(directory => directory.DisposeAsync().AsTask())];
        }

        await Task.WhenAll(pending);
    }

    private async Task<Credential> VerifyAsync(IAgentScheme scheme, IIncomingRequest request, AgentSet agents, CancellationToken cancellation)
    {
        // A signature takes some 100 microseconds, and the transport's thread serves other connections too.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_failures.IsExhausted(request.ClientAddress))
        {
            return Refuse(AgentFailures.TooManyFailures);
        }

        var verdict = await scheme.VerifyAsync(request, agents, _time.GetUtcNow().ToUnixTimeSeconds(), cancellation);
        if (verdict.Failure is AgentFailures.BadSignature or AgentFailures.Digest)
        {
            _failures.Charge(request.ClientAddress);
        }

        return verdict.Agent is { } agent ? agent.Verified(verdict.CreatedAt) : Refuse(verdict.Failure);
    }

    private static Credential Refuse(string failure)
    {
        var refused = Credential.Refused(CredentialKinds.Agent, failure);
        return failure == AgentFailures.KeysUnavailable ? refused with { Outcome = CredentialOutcome.Unavailable } : refused;
    }

    private AgentDirectory Start(AgentDefinition agent) =>
        new(agent.KeyDirectory!, new KeySetRefresher(KeySetSources.OfDirectory(agent, _options, _http, _time), StaleAfter, _time, static () => { }));
}
