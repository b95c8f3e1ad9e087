namespace EdgeGuard.Conformance.Tests.Cases;

/// <summary>A way to ask for a decision.</summary>
internal enum Door
{
    Engine,
    Cli,
    Proxy,
    Decision,
}
