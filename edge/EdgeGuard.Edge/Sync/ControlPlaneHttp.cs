using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGuard.Contracts;

namespace EdgeGuard.Edge.Sync;

/// <summary>
/// The one HTTP/2 connection to the control plane: stream down, everything else as requests beside it. TLS 1.3, the name checked, no
/// redirects (the token goes to this host and nowhere else).
/// </summary>
internal sealed class ControlPlaneHttp : IDisposable
{
    /// <summary>Longest answer to a call other than the stream and a bundle.</summary>
    private const int MaxAnswerBytes = 256 * 1024;

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    private readonly SyncSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public ControlPlaneHttp(SyncSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _client = new HttpClient(CreateHandler(settings), disposeHandler: true)
        {
            BaseAddress = settings.Address,
            Timeout = Timeout.InfiniteTimeSpan, // Every call has its own, by the injected clock.
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>Sends with the edge's token; the answer's body has not been read.</summary>
    /// <exception cref="SyncFailure">No answer came (EG3302).</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TryAddWithoutValidation("Authorization", _settings.Authorization);
        using var patience = new CancellationTokenSource(CallTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
        }
        catch (HttpRequestException failure)
        {
            throw Unreachable(Describe(failure), failure);
        }
        catch (OperationCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {CallTimeout.TotalSeconds:0} s", failure);
        }
    }

    /// <summary>Posts JSON and reads a JSON answer.</summary>
    public async Task<TAnswer> PostAsync<TRequest, TAnswer>(
        string path, TRequest value, JsonTypeInfo<TRequest> type, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation)
    {
        using var request = Post(path, JsonSerializer.SerializeToUtf8Bytes(value, type));
        using var response = await SendAsync(request, cancellation);
        EnsureSuccess(response);
        using var patience = new CancellationTokenSource(CallTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(both.Token);
            var bytes = await BoundedRead.AllAsync(body, MaxAnswerBytes, both.Token);
            return JsonSerializer.Deserialize(bytes, answerType) ?? throw new JsonException("null");
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException)
        {
            throw new SyncFailure(
                SyncProblem.Error(SyncCodes.Protocol, $"{path} answered what is not of this protocol", "check that EDGEGUARD_CONTROL_PLANE_URL names an EdgeGuard control plane of this or the next release"),
                isSlow: true,
                inner: failure);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw Unreachable("the answer broke off", failure);
        }
    }

    /// <summary>A POST of JSON bytes.</summary>
    public static HttpRequestMessage Post(string path, byte[] json)
    {
        var content = new ByteArrayContent(json);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }

    /// <summary>Turns every status but 2xx into what it means for an edge.</summary>
    public static void EnsureSuccess(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var path = response.RequestMessage?.RequestUri?.AbsolutePath;
        throw response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new SyncFailure(
                SyncProblem.Error(SyncCodes.TokenRefused, "the control plane refuses the token of this edge (401)", "the token was rotated or revoked: `edgeguard edge rotate-token` gives a new one for EDGEGUARD_EDGE_TOKEN"),
                isSlow: true),
            HttpStatusCode.Forbidden => new SyncFailure(
                SyncProblem.Error(SyncCodes.Forbidden, $"the control plane refuses {path} to this edge (403)", "check that EDGEGUARD_EDGE_ID, EDGEGUARD_EDGE_TOKEN and EDGEGUARD_SIGNING_KEY are of one and the same edge"),
                isSlow: true),
            var status => new SyncFailure(
                SyncProblem.Error(SyncCodes.UnexpectedAnswer, $"the control plane answered {path} with status {(int)status}", "look at the log of the control plane; the edge tries again"),
                isSlow: (int)status is >= 400 and < 500 and not 408 and not 429,
                retryAfter: response.Headers.RetryAfter?.Delta),
        };
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private SyncFailure Unreachable(string why, Exception failure) => new(
        SyncProblem.Error(SyncCodes.Unreachable, $"the control plane at {_settings.Address.GetLeftPart(UriPartial.Authority)} cannot be reached: {why}", "the edge goes on with what is in force and tries again; check address, network and certificate"),
        inner: failure);

    // The innermost message is the one that says something: the outer ones only say that a request failed.
    private static string Describe(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure is AuthenticationException ? "its certificate is not accepted: " + failure.Message : failure.Message;
    }

    private static SocketsHttpHandler CreateHandler(SyncSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !settings.Address.IsLoopback,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            MaxResponseHeadersLength = 32,
        };
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls13;
        if (settings.Authorities is { } authorities)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // A private authority publishes no revocation lists.
            };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }
}
