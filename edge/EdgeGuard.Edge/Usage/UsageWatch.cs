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
        if (!Begin(exchange) || (exchange.Decided.Models is null && RefusesIdentity(request.Headers.AcceptEncoding)))
        {
            return;
        }

        request.Headers.AcceptEncoding.Clear();
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>Takes note whether the usage of a request matters.</summary>
    public bool Begin(Exchange exchange) => exchange.WantsUsage = !exchange.Decided.Admission.IsEmpty && engine.WantsUsage(exchange.Decided.Admission);

    /// <summary>Whether a client takes no uncompressed answer.</summary>
    public static bool RefusesIdentity(string accepted)
    {
        using var message = new HttpRequestMessage();
        return message.Headers.TryAddWithoutValidation("Accept-Encoding", accepted) && RefusesIdentity(message.Headers.AcceptEncoding);
    }

    /// <summary>Begins to read an answer, if it is one that could tell.</summary>
    public static void Watch(Exchange exchange, HttpResponseMessage? answer, HttpContext context)
    {
        if (!exchange.WantsUsage || answer is not { IsSuccessStatusCode: true, Content: { } content })
        {
            return;
        }

        var isCoded = content.Headers.ContentEncoding.Any(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase));
        if (ScannerOf(exchange, isCoded, content.Headers.ContentType?.MediaType) is { } scanner)
        {
            context.Response.Body = new UsageStream(context.Response.Body, scanner);
        }
    }

    /// <summary>What is to read an answer whose usage matters, or null when it could not tell.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="isCoded">Whether the answer is compressed.</param>
    /// <param name="type">Its media type.</param>
    public static IUsageScanner? ScannerOf(Exchange exchange, bool isCoded, string? type)
    {
        exchange.IsUsageCoded = isCoded;
        if (isCoded)
        {
            return null;
        }

        var counts = new UsageCounts();
        var json = new JsonUsageScanner(counts);
        var isStream = type == "text/event-stream";
        exchange.Streamed = isStream ? new StreamedContent() : null;
        IUsageScanner? scanner = type switch
        {
            _ when isStream => new EventStreamScanner(json, exchange.Streamed),
            { } other when other.EndsWith("json", StringComparison.OrdinalIgnoreCase) => json,
            _ => null,
        };
        exchange.Usage = scanner is null ? null : counts;
        return scanner;
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
