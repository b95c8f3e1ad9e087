using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace EdgeGuard.Testing;

/// <summary>Reads from the management API with the credentials of a <see cref="CommandLineClient"/>.</summary>
public sealed class ControlPlaneReader : IDisposable
{
    private readonly HttpClient _client;

    public ControlPlaneReader(CommandLineClient cli)
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(cli.Environment["EDGEGUARD_CA"]);
        _client = new HttpClient(handler) { BaseAddress = new Uri(cli.Environment["EDGEGUARD_URL"]) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cli.Environment["EDGEGUARD_TOKEN"]);
    }

    public async Task<JsonElement> GetAsync(string path) => JsonElement.Parse(await _client.GetStringAsync(new Uri(path, UriKind.Relative)));

    public void Dispose() => _client.Dispose();
}
