using System.Globalization;
using System.Text;

namespace EdgeGuard.Bench.Micro.Decide;

/// <summary>The text of a bundle with many policies of two rules each.</summary>
internal static class LargeBundle
{
    private const string Policy =
        """
        {"id":"policy-####","spec":{"mode":"enforce","rules":[{"algorithm":"token_bucket","algorithm_config":{"burst":100,
        "tokens_per_second":50},"limit_keys":["header:x-api-key"],"name":"per-key"},{"algorithm":"token_bucket","algorithm_config":
        {"burst":1000,"tokens_per_second":500},"limit_keys":["header:x-team"],"name":"per-team"}],"selector":{"methods":["GET","POST"],
        "pathPrefix":"/v1/####/"}}}
        """;

    /// <summary>A valid native bundle.</summary>
    public static byte[] Json(int policies)
    {
        var text = new StringBuilder("{\"bundle_version\":1,\"format\":\"edgeguard/v1\",\"policies\":[");
        for (var i = 0; i < policies; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(Policy.Replace("####", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }
}
