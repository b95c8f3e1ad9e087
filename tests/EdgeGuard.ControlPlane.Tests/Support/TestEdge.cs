using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.Testing;

namespace EdgeGuard.ControlPlane.Tests.Support;

/// <summary>An edge as the control plane sees one: session, proof, stream, acknowledgements.</summary>
internal sealed class TestEdge : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Signal _ended = new();
    private Task _reading = Task.CompletedTask;

    public TestEdge(TestControlPlane plane, EdgeCredentials credentials)
    {
        EdgeId = credentials.EdgeId;
        Assert.True(SigningKey.TryParse(credentials.SigningKey!, out var key, out _));
        Key = key!;
        Client = plane.CreateClient(credentials.EdgeToken);
    }

    public string EdgeId { get; }

    public SigningKey Key { get; }

    public HttpClient Client { get; }

    public Recorder<SseItem<string>> Events { get; } = new();

    /// <summary>Set when the control plane has closed the stream.</summary>
    public Signal Ended => _ended;

    public async Task<SessionGrant> OpenSessionAsync(long skewMilliseconds = 0, string? continues = null)
    {
        using var response = await PostSessionAsync(EdgeId, skewMilliseconds, continues: continues);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.SessionGrant))!;
    }

    public Task<HttpResponseMessage> PostSessionAsync(string edgeId, long skewMilliseconds = 0, string keyId = "k1", int protocol = SessionRequest.CurrentProtocol, string? continues = null) =>
        Client.PostAsJsonAsync(EdgeRoutes.Session,
            new SessionRequest(edgeId, "0.1.0", protocol, keyId, 0, string.Empty, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + skewMilliseconds, continues),
            ContractsJson.Default.SessionRequest);

    public async Task<HttpResponseMessage> GetStreamAsync(string sessionId, string proof)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, EdgeRoutes.Stream) { Version = HttpVersion.Version20 };
        request.Headers.Add(EdgeRoutes.SessionHeader, sessionId);
        request.Headers.Add(EdgeRoutes.ProofHeader, proof);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Id of the session that is open.</summary>
    public string SessionId { get; private set; } = string.Empty;

    public async Task ConnectAsync(long skewMilliseconds = 0, string? continues = null)
    {
        var grant = await OpenSessionAsync(skewMilliseconds, continues);
        SessionId = grant.SessionId;
        var response = await GetStreamAsync(grant.SessionId, KeyDerivation.Prove(Key, grant.Challenge, EdgeId));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        _reading = ReadAsync(response);
    }

    /// <summary>The payload of a signed event, verified with the edge's own key.</summary>
    public VerificationResult Verify(SseItem<string> item, DocumentType type) => Verify(item.Data, type);

    public VerificationResult Verify(string compact, DocumentType type)
    {
        var result = new DocumentVerifier(new TrustedKeys(Key)).Verify(Encoding.ASCII.GetBytes(compact), type, EdgeId, TimeProvider.System.GetUtcNow());
        Assert.True(result.IsValid, result.Problem?.ToString());
        return result;
    }

    public async Task AcknowledgeAsync(params Ack[] acks)
    {
        using var response = await Client.PostAsJsonAsync(EdgeRoutes.Acks, new AckBatch(acks), ContractsJson.Default.AckBatch);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        Client.Dispose();
    }

    private async Task ReadAsync(HttpResponseMessage response)
    {
        try
        {
            using (response)
            {
                await using var stream = await response.Content.ReadAsStreamAsync(_stop.Token);
                await foreach (var item in SseParser.Create(stream).EnumerateAsync(_stop.Token))
                {
                    Events.Add(item);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException)
        {
            // Either side closed it.
        }
        finally
        {
            _ended.Set();
        }
    }
}
