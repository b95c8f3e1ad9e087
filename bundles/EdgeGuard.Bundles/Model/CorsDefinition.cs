using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>Which web pages may call, by the CORS protocol of the Fetch standard.</summary>
public sealed record CorsDefinition
{
    /// <summary>Stands for every origin but <c>null</c>; never together with credentials.</summary>
    public const string AnyOrigin = "*";

    /// <summary>Origins as browsers write them, compared byte by byte; or <see cref="AnyOrigin"/> alone.</summary>
    public required ImmutableArray<string> AllowedOrigins { get; init; }

    public ImmutableArray<string> AllowedMethods { get; init; } = ["GET", "HEAD", "POST"];

    public ImmutableArray<string> AllowedHeaders { get; init; } = [];

    /// <summary>Response headers that pages may read.</summary>
    public ImmutableArray<string> ExposedHeaders { get; init; } = [];

    /// <summary>Whether pages may send cookies and other credentials of the browser.</summary>
    public bool AllowCredentials { get; init; }

    /// <summary>How long a browser may keep the answer to a preflight.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(10);
}
