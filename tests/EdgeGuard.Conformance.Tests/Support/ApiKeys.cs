namespace EdgeGuard.Conformance.Tests.Support;

/// <summary>The API keys that the suite's bundles have digests of; they open nothing anywhere.</summary>
internal static class ApiKeys
{
    public const string Header = "X-API-Key";

    private static readonly Dictionary<string, string> ById = new(StringComparer.Ordinal)
    {
        ["free"] = "sk_test_ConformanceFreeConformanceFreeConformanceFr0Jy9RU",
        ["pro"] = "sk_test_ConformanceProConformanceProConformanceProC3T2M68",
        ["planless"] = "sk_test_ConformancePlanlessConformancePlanlessConfo22zICP",
    };

    public static string Of(string id) => ById[id];
}
