using System.Net;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Agents;

/// <summary>Answers every address with one text.</summary>
internal sealed class StubDirectory : HttpMessageHandler
{
    public string Json { get; set; } = """{"keys":[{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs","use":"sig"}]}""";

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public Recorder<string> Requests { get; } = new();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(request.RequestUri!.AbsoluteUri);
        return Task.FromResult(new HttpResponseMessage(Status) { Content = new StringContent(Json), RequestMessage = request });
    }
}
