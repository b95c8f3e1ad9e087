using System.Net;
using System.Text.Json.Nodes;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Gateways;

/// <summary>
/// What a gateway does that asks by HTTP whether a request may pass, as its published source tells, by the configuration that is shipped for it. The
/// gateways themselves cannot be had here.
/// </summary>
/// <param name="edge">Where the configuration's address is.</param>
/// <param name="application">What admitted requests are forwarded to.</param>
internal abstract class ForwardAuthGateway(Uri edge, Uri application) : HttpMessageHandler
{
    /// <summary>Of whom clients are told to come.</summary>
    protected const string ClientAddress = "203.0.113.9";

    private static readonly string[] HopByHop = ["Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade"];

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        ActivityHeadersPropagator = null,
    });

    /// <summary>The address that is asked, as the configuration has it.</summary>
    protected abstract string Address { get; }

    /// <summary>Status of the answer when nobody can be asked.</summary>
    protected abstract HttpStatusCode Failed { get; }

    /// <summary>Headers of the question.</summary>
    protected abstract IEnumerable<(string Name, string Value)> Question(HttpRequestMessage request);

    /// <summary>Whether an answer lets the request pass.</summary>
    protected abstract bool Admits(HttpStatusCode status);

    /// <summary>Whether the client is told this header of a refusal.</summary>
    protected abstract bool Tells(string name);

    /// <summary>Headers that are removed from every request, before anybody is asked.</summary>
    protected abstract IEnumerable<string> Removed { get; }

    /// <summary>Headers of the request that the answer's replace, or remove when it has none.</summary>
    protected abstract IEnumerable<string> Replaced { get; }

    /// <summary>Configuration that is shipped, at a place of a document.</summary>
    protected static JsonNode Shipped(params string[] file) => YamlJson.Read(RepositoryRoot.Combine(["deploy", "gateways", .. file]))[0];

    /// <summary>Texts of a list.</summary>
    protected static HashSet<string> Texts(JsonNode? list) => new(list!.AsArray().Select(item => (string)item!), StringComparer.OrdinalIgnoreCase);

    /// <summary>Values of a header of the client's request.</summary>
    protected static IEnumerable<string> Values(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) ? values : [];

    /// <summary>Whether a header describes one connection.</summary>
    protected static bool IsHopByHop(string name) => HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var name in Removed)
        {
            request.Headers.Remove(name);
        }

        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(edge, new Uri(Address).PathAndQuery));
        foreach (var (name, value) in Question(request))
        {
            question.Headers.TryAddWithoutValidation(name, value);
        }

        HttpResponseMessage answer;
        try
        {
            answer = await _client.SendAsync(question, cancellationToken);
        }
        catch (HttpRequestException)
        {
            return new HttpResponseMessage(Failed);
        }

        using (answer)
        {
            return Admits(answer.StatusCode) ? await ForwardAsync(request, answer, cancellationToken) : await RefuseAsync(answer);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _client.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> RefuseAsync(HttpResponseMessage answer)
    {
        var refusal = new HttpResponseMessage(answer.StatusCode) { Content = new ByteArrayContent(await answer.Content.ReadAsByteArrayAsync()) };
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated).Where(header => Tells(header.Key)))
        {
            _ = refusal.Headers.TryAddWithoutValidation(name, values) || refusal.Content.Headers.TryAddWithoutValidation(name, values);
        }

        return refusal;
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpRequestMessage request, HttpResponseMessage answer, CancellationToken cancellation)
    {
        var target = new Uri(
            application.AbsoluteUri.TrimEnd('/') + request.RequestUri!.PathAndQuery, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var forwarded = new HttpRequestMessage(request.Method, target) { Content = request.Content };
        var replaced = Replaced.ToArray();
        foreach (var (name, values) in request.Headers.NonValidated.Where(header => !IsHopByHop(header.Key) && !replaced.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            forwarded.Headers.TryAddWithoutValidation(name, values);
        }

        foreach (var name in replaced)
        {
            if (answer.Headers.NonValidated.TryGetValues(name, out var values))
            {
                forwarded.Headers.TryAddWithoutValidation(name, values);
            }
        }

        return await _client.SendAsync(forwarded, cancellation);
    }
}
