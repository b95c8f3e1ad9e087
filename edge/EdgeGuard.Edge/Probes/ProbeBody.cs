using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.Edge.Probes;

/// <summary>Says whether a probe's request has a body.</summary>
internal sealed class ProbeBody(bool hasBody) : IHttpRequestBodyDetectionFeature
{
    /// <inheritdoc />
    public bool CanHaveBody => hasBody;
}
