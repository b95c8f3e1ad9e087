using Microsoft.AspNetCore.Http.Metadata;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>Largest request body of an endpoint in bytes; routing hands it to Kestrel.</summary>
internal sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    /// <inheritdoc />
    public long? MaxRequestBodySize => bytes;
}
