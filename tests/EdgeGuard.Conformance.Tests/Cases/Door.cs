namespace EdgeGuard.Conformance.Tests.Cases;

/// <summary>A way to ask for a decision.</summary>
internal enum Door
{
    Engine,
    Cli,
    Proxy,
    Decision,

    /// <summary><c>/v1/decision/forwarded</c>.</summary>
    Forwarded,

    /// <summary><c>/v1/decision/envoy/*</c>.</summary>
    Envoy,

    /// <summary><c>/v1/decision</c> of the listener that speaks HTTP/2.</summary>
    Http2,
}
