using System.Text.Json;

namespace EdgeGuard.Identity.Keys;

/// <summary>
/// A key set that the issuer's discovery document names (OpenID Connect Discovery 1.0 section 4, RFC 8414). The document is fetched with each refresh, so
/// that the key set may move; it can name no other issuer and lead to no host that the options do not list.
/// </summary>
internal sealed class DiscoveryKeySetSource(
    string issuerId, string issuer, Uri address, TimeSpan interval, IdentityOptions options, HttpMessageInvoker http, TimeProvider time) : IKeySetSource
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <inheritdoc />
    public TimeSpan Interval { get; } = interval < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : interval;

    /// <inheritdoc />
    public async Task<KeySetRead> FetchAsync(CancellationToken cancellation)
    {
        var fetched = await HttpFetch.GetAsync(http, address, "application/json", time, cancellation);
        if (fetched.Content is not { } content)
        {
            return fetched.ToProblem(issuerId, "the discovery document", address);
        }

        var (keySet, refusal) = Read(content);
        return keySet is null ? refusal! : await new HttpKeySetSource(issuerId, keySet, Interval, http, time).FetchAsync(cancellation);
    }

    private (Uri? KeySet, KeySetRead? Refusal) Read(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (null, Refuse("it is no JSON object"));
            }

            if (Text(root, "issuer") != issuer)
            {
                return (null, Refuse("its issuer is not exactly the one of the bundle"));
            }

            if (Text(root, "jwks_uri") is not { } text)
            {
                return (null, Refuse("it names no jwks_uri"));
            }

            return FetchAddress.TryParse(text, options, out var keySet, out var why)
                ? (keySet, null)
                : (null, KeySetRead.Failed(
                    IdentityCodes.AddressRefused,
                    issuerId,
                    $"the address of the key set, which the discovery document names, is refused: {why}",
                    "add the host to fetch.allowed_hosts in the options, if it is the issuer's"));
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return (null, Refuse("it is not valid JSON"));
        }
    }

    private KeySetRead Refuse(string why) => KeySetRead.Failed(
        IdentityCodes.DiscoveryRefused,
        issuerId,
        $"the discovery document of {address.IdnHost} is not used: {why}",
        "check issuer and discovery_url; keys fetched before stay in use");

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
