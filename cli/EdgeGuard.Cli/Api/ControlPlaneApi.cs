using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Api;

/// <summary>The management API as methods. Every failure is a <see cref="CliFailureException"/>.</summary>
internal sealed class ControlPlaneApi : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024 * 1024;
    private readonly HttpClient _http;

    public ControlPlaneApi(ControlPlaneContext context, TimeSpan timeout, string caPlace = "EDGEGUARD_CA")
    {
        _http = new HttpClient(ControlPlaneHandler.Create(context.CaPem, caPlace))
        {
            BaseAddress = context.Url,
            Timeout = timeout,
            MaxResponseContentBufferSize = MaxAnswerBytes,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", context.Token);
    }

    public static ControlPlaneApi Open(CliHost host) => new(ContextStore.Load(host), host.CallTimeout);

    public Task<WhoAmI> MeAsync(CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, ApiRoutes.Me, null, ContractsJson.Default.WhoAmI, cancellation);

    public Task<FleetStatus> StatusAsync(CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, ApiRoutes.Status, null, ContractsJson.Default.FleetStatus, cancellation);

    public Task<IReadOnlyList<EdgeInfo>> EdgesAsync(CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, ApiRoutes.Edges, null, ContractsJson.Default.IReadOnlyListEdgeInfo, cancellation);

    public Task<EdgeCredentials> AddEdgeAsync(CreateEdge edge, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, ApiRoutes.Edges, Json(edge, ContractsJson.Default.CreateEdge), ContractsJson.Default.EdgeCredentials, cancellation);

    public Task<EdgeCredentials> RotateTokenAsync(string edge, RotateToken rotation, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"{ApiRoutes.Edges}/{Uri.EscapeDataString(edge)}{ApiRoutes.EdgeTokens}",
            Json(rotation, ContractsJson.Default.RotateToken), ContractsJson.Default.EdgeCredentials, cancellation);

    /// <summary>Publishes a draft, or only compares it with what is in force.</summary>
    /// <param name="draft">YAML or JSON.</param>
    /// <param name="dryRun">Changes nothing.</param>
    /// <param name="expectedVersion">Refused when another version is in force; null for any.</param>
    /// <param name="message">Why, for people; empty for none.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<BundleInfo> PushAsync(byte[] draft, bool dryRun, long? expectedVersion, string message, CancellationToken cancellation)
    {
        var body = new ByteArrayContent(draft);
        var first = draft.AsSpan().TrimStart("\uFEFF \t\r\n"u8);
        body.Headers.ContentType = new MediaTypeHeaderValue(first.Length > 0 && first[0] is (byte)'{' ? "application/json" : "application/yaml");
        var query = $"?dry_run={(dryRun ? "true" : "false")}" +
            (expectedVersion is null ? string.Empty : $"&expected_version={expectedVersion}") +
            (message.Length == 0 ? string.Empty : $"&message={Uri.EscapeDataString(message)}");
        return SendAsync(HttpMethod.Post, ApiRoutes.Bundles + query, body, ContractsJson.Default.BundleInfo, cancellation);
    }

    public Task<IReadOnlyList<KillSwitchInfo>> KillSwitchesAsync(CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, ApiRoutes.KillSwitches, null, ContractsJson.Default.IReadOnlyListKillSwitchInfo, cancellation);

    public Task<KillSwitchPreview> PreviewAsync(CreateKillSwitch request, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, ApiRoutes.KillSwitchPreview, Json(request, ContractsJson.Default.CreateKillSwitch),
            ContractsJson.Default.KillSwitchPreview, cancellation);

    public Task<KillSwitchInfo> AddKillSwitchAsync(CreateKillSwitch request, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, ApiRoutes.KillSwitches, Json(request, ContractsJson.Default.CreateKillSwitch),
            ContractsJson.Default.KillSwitchInfo, cancellation);

    public Task RemoveKillSwitchAsync(string id, string reason, CancellationToken cancellation) =>
        DeleteAsync(ApiRoutes.KillSwitches, id, reason, cancellation);

    public Task<IReadOnlyList<AuditEntry>> AuditAsync(int limit, long? before, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, $"{ApiRoutes.Audit}?limit={limit}" + (before is null ? string.Empty : $"&before={before}"), null,
            ContractsJson.Default.IReadOnlyListAuditEntry, cancellation);

    public Task<NewApiKey> CreateApiKeyAsync(CreateApiKey request, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, ApiRoutes.ApiKeys, Json(request, ContractsJson.Default.CreateApiKey), ContractsJson.Default.NewApiKey, cancellation);

    public Task<IReadOnlyList<ApiKeyInfo>> ApiKeysAsync(bool all, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, ApiRoutes.ApiKeys + (all ? "?all=true" : string.Empty), null, ContractsJson.Default.IReadOnlyListApiKeyInfo, cancellation);

    public Task<NewApiKey> RotateApiKeyAsync(string id, RotateApiKey rotation, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"{ApiRoutes.ApiKeys}/{Uri.EscapeDataString(id)}{ApiRoutes.ApiKeyRotations}",
            Json(rotation, ContractsJson.Default.RotateApiKey), ContractsJson.Default.NewApiKey, cancellation);

    public Task RevokeApiKeyAsync(string id, string reason, CancellationToken cancellation) => DeleteAsync(ApiRoutes.ApiKeys, id, reason, cancellation);

    public Task<IReadOnlyList<RevocationInfo>> RevocationsAsync(CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, ApiRoutes.Revocations, null, ContractsJson.Default.IReadOnlyListRevocationInfo, cancellation);

    public Task<RevocationInfo> AddRevocationAsync(CreateRevocation request, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, ApiRoutes.Revocations, Json(request, ContractsJson.Default.CreateRevocation),
            ContractsJson.Default.RevocationInfo, cancellation);

    public Task RemoveRevocationAsync(string id, string reason, CancellationToken cancellation) =>
        DeleteAsync(ApiRoutes.Revocations, id, reason, cancellation);

    public Task<IReadOnlyList<BudgetInfo>> BudgetsAsync(CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, ApiRoutes.Budgets, null, ContractsJson.Default.IReadOnlyListBudgetInfo, cancellation);

    public Task<IReadOnlyList<BudgetKeyInfo>> BudgetKeysAsync(string budget, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, $"{ApiRoutes.BudgetKeys}?budget={Uri.EscapeDataString(budget)}", null,
            ContractsJson.Default.IReadOnlyListBudgetKeyInfo, cancellation);

    public void Dispose() => _http.Dispose();

    private static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private async Task DeleteAsync(string list, string id, string reason, CancellationToken cancellation)
    {
        using var answer = await CallAsync(
            HttpMethod.Delete, $"{list}/{Uri.EscapeDataString(id)}?reason={Uri.EscapeDataString(reason)}", null, cancellation);
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var answer = await CallAsync(method, path, body, cancellation);
        try
        {
            var bytes = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw ControlPlaneProblems.Unexpected(_http.BaseAddress!, $"{(int)answer.StatusCode} with a body that is not the answer to {path.Split('?')[0]}");
        }
    }

    private async Task<HttpResponseMessage> CallAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body,
            Version = _http.DefaultRequestVersion,
            VersionPolicy = _http.DefaultVersionPolicy,
        };
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, cancellation);
        }
        catch (HttpRequestException problem) when (problem.InnerException is AuthenticationException || problem.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw ControlPlaneProblems.NotTrusted(_http.BaseAddress!, problem);
        }
        catch (HttpRequestException problem)
        {
            throw ControlPlaneProblems.Unreachable(_http.BaseAddress!, problem);
        }
        catch (OperationCanceledException problem) when (!cancellation.IsCancellationRequested)
        {
            throw ControlPlaneProblems.Unreachable(_http.BaseAddress!, problem);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await ControlPlaneProblems.RefusedAsync(_http.BaseAddress!, answer, cancellation);
        }
    }
}
