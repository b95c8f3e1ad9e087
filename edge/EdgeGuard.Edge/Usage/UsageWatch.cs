using System.Net.Http.Headers;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Usage;

/// <summary>
/// Finds out what an LLM provider says that a request used, as its answer passes by: nothing is held back, and nothing of it is kept but the numbers.
/// </summary>
internal sealed class UsageWatch(DecisionEngine engine)
{
    /// <summary>
    /// Asks the provider for an answer that can be read, when its usage matters: without compression, unless the client refuses that.
    /// </summary>
    public void Prepare(Exchange exchange, HttpRequestMessage request)
    {
        exchange.WantsUsage = engine.WantsUsage(exchange.Decided.Admission);
        if (!exchange.WantsUsage || RefusesIdentity(request.Headers.AcceptEncoding))
        {
            return;
        }

        request.Headers.AcceptEncoding.Clear();
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>Begins to read an answer, if it is one that could tell.</summary>
    public static void Watch(Exchange exchange, HttpResponseMessage? answer, HttpContext context)
    {
        if (!exchange.WantsUsage || answer is not { IsSuccessStatusCode: true, Content: { } content })
        {
            return;
        }

        if (content.Headers.ContentEncoding.Any(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            exchange.IsUsageCoded = true;
            return;
        }

        var counts = new UsageCounts();
        var json = new JsonUsageScanner(counts);
        var isStream = content.Headers.ContentType?.MediaType == "text/event-stream";
        exchange.Streamed = isStream ? new StreamedContent() : null;
        IUsageScanner? scanner = content.Headers.ContentType?.MediaType switch
        {
            _ when isStream => new EventStreamScanner(json, exchange.Streamed),
            { } type when type.EndsWith("json", StringComparison.OrdinalIgnoreCase) => json,
            _ => null,
        };
        if (scanner is not null)
        {
            exchange.Usage = counts;
            context.Response.Body = new UsageStream(context.Response.Body, scanner);
        }
    }

    private static bool RefusesIdentity(HttpHeaderValueCollection<StringWithQualityHeaderValue> accepted)
    {
        foreach (var coding in accepted)
        {
            if (coding.Quality == 0 && coding.Value is "identity" or "*")
            {
                return true;
            }
        }

        return false;
    }
}
