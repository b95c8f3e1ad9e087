using System.Buffers;
using System.IO.Compression;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Llm;

/// <summary>Passes streams of providers on, event by event, for as long as their limits hold.</summary>
internal sealed class StreamEnforcement(DecisionEngine engine, EdgeClock clock)
{
    private const int ReadBytes = 16 * 1024;

    /// <summary>Whether an answer is a stream that limits by tokens or money have to watch.</summary>
    public static bool Watches(Exchange exchange, HttpResponseMessage? answer) =>
        exchange.WantsUsage && exchange.Decided.Models is { IsTools: false } route
        && answer is { IsSuccessStatusCode: true, Content: { } content }
        && (content.Headers.ContentType?.MediaType == "text/event-stream" || IsArray(exchange, route.Format, content));

    /// <summary>Passes an answer on, to its end or to that of its limits. Whatever happens is told to the exchange.</summary>
    public async Task PassAsync(HttpContext context, Exchange exchange, HttpContent content)
    {
        var route = exchange.Decided.Models!;
        if (Decoder(content) is not { } open)
        {
            // In a coding that cannot be read, so nothing of it can be counted.
            context.Response.Clear();
            exchange.StreamOutcome = ExchangeOutcome.Unreadable;
            return;
        }

        var isArray = content.Headers.ContentType?.MediaType != "text/event-stream";
        var gate = new StreamGate(engine, clock, exchange.Decided.Admission, route.Format, isArray, exchange.HidesUsage);
        exchange.Gate = gate;
        exchange.Usage = gate.Counts;
        context.Response.ContentLength = null;
        context.Response.Headers.Remove("Content-Encoding");
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            exchange.StreamOutcome = await CopyAsync(open, context, exchange, gate, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (exchange.StreamOutcome == ExchangeOutcome.BrokenOff)
        {
            // The answer has begun: only its breaking off tells the client that it is not whole.
            context.Abort();
        }
    }

    private static async Task<ExchangeOutcome> CopyAsync(
        Func<Task<Stream>> open, HttpContext context, Exchange exchange, StreamGate gate, byte[] buffer)
    {
        var stopped = exchange.Stopped;
        try
        {
            await using var source = await open();
            while (true)
            {
                int count;
                try
                {
                    count = await source.ReadAsync(buffer, stopped);
                }
                catch (Exception failure) when (failure is IOException or HttpRequestException or InvalidDataException)
                {
                    return ExchangeOutcome.BrokenOff;
                }

                var goesOn = count > 0 && gate.Write(buffer.AsSpan(0, count));
                if (count == 0)
                {
                    gate.Finish();
                }

                if (!gate.Output.IsEmpty)
                {
                    await context.Response.Body.WriteAsync(gate.Output, stopped);
                    await context.Response.Body.FlushAsync(stopped);
                    gate.Clear();
                }

                if (!goesOn)
                {
                    return gate.IsCut ? ExchangeOutcome.Cut : ExchangeOutcome.Answered;
                }
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or ObjectDisposedException)
        {
            return ExchangeOutcome.Abandoned;
        }
    }

    // Providers were asked for none; one that compresses all the same is read, and passed on as what it says.
    private static Func<Task<Stream>>? Decoder(HttpContent content)
    {
        var codings = content.Headers.ContentEncoding.Where(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)).ToArray();
        return codings switch
        {
            [] => () => content.ReadAsStreamAsync(),
            [var one] => one.ToUpperInvariant() switch
            {
                "GZIP" or "X-GZIP" => async () => new GZipStream(await content.ReadAsStreamAsync(), CompressionMode.Decompress),
                "DEFLATE" => async () => new ZLibStream(await content.ReadAsStreamAsync(), CompressionMode.Decompress),
                "BR" => async () => new BrotliStream(await content.ReadAsStreamAsync(), CompressionMode.Decompress),
                _ => null,
            },
            _ => null,
        };
    }

    private static bool IsArray(Exchange exchange, LlmFormat format, HttpContent content) =>
        format == LlmFormat.Gemini && content.Headers.ContentType?.MediaType == "application/json"
        && exchange.Decided.Target is { } target
        && target.AsSpan()[..(target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : target.Length)].EndsWith(":streamGenerateContent", StringComparison.Ordinal);
}
