using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Snapshot;

/// <summary>Writes a selector as a short text: the bounded stand-in for a request's path in metrics, logs and telemetry.</summary>
internal static class RouteTemplate
{
    /// <summary>Hosts written out; more are counted.</summary>
    private const int MaxHosts = 3;

    public static string Of(SelectorDefinition selector)
    {
        var hosts = string.Join(',', selector.Hosts.AsSpan()[..Math.Min(selector.Hosts.Length, MaxHosts)]);
        if (selector.Hosts.Length > MaxHosts)
        {
            hosts += $",+{selector.Hosts.Length - MaxHosts}";
        }

        return hosts + PathOf(selector);
    }

    private static string PathOf(SelectorDefinition selector)
    {
        if (selector.PathExact is not null)
        {
            return selector.PathExact;
        }

        return selector.PathPrefix switch
        {
            null => "/*",
            _ when selector.PathPrefix.EndsWith('/') => selector.PathPrefix + "*",
            _ => selector.PathPrefix + "[/*]",
        };
    }
}
