using System.Collections.Immutable;
using System.Text.RegularExpressions;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Forwarding;

/// <summary>The same bytes, once to a proxy with the lane and once to one without: the upstream sees the same, and so does the client.</summary>
public sealed partial class LaneDifferenceTests
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        kill_switches:
          - {scope_key: 'header:x-tenant', scope_value: stopped, status: 403}
        policies:
          - id: all
            spec:
              selector: {pathPrefix: /}
              rules:
                - {name: per-key, limit_keys: ['header:host'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1000, burst: 100000}}
                - {name: per-agent, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1000, burst: 90000}, on_missing: allow}
          - id: page
            spec:
              selector: {pathPrefix: /page}
              cors: {allowed_origins: ['https://app.example'], exposed_headers: [x-sum]}
              security_headers: {content_security_policy: default-src 'self', frame_options: ''}
              rules: []
          - id: limited
            spec:
              selector: {pathExact: /limited}
              rules:
                - {name: none, limit_keys: ['header:host'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1}}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Corpus_WithAndWithoutTheLane_IsForwardedAndAnsweredAlike(bool trusted)
    {
        Assert.True(ForwardCorpus.All.Count >= 120, $"{ForwardCorpus.All.Count} cases");
        await using var upstream = new RecordingUpstream();
        await using var with = await StartAsync(upstream, lane: true, trusted);
        await using var without = await StartAsync(upstream, lane: false, trusted);
        var differences = new List<string>();
        foreach (var one in ForwardCorpus.All)
        {
            upstream.Case = one;
            var wanted = await AskAsync(without, upstream, one);
            var actual = await AskAsync(with, upstream, one);
            if (wanted != actual)
            {
                differences.Add($"=== to {Begin(one.Request)}\n--- and the answer {Begin(one.Answer)}\n--- YARP: {Begin(wanted)}\n--- lane: {Begin(actual)}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {ForwardCorpus.All.Count}\n{string.Join('\n', differences)}");
    }

    private static string Begin(string text) => text[..Math.Min(900, text.Length)];

    private static async Task<string> AskAsync(EdgeUnderTest edge, RecordingUpstream upstream, ForwardCase one)
    {
        string answer;
        try
        {
            answer = await RawHttp.SendAsync(edge.Proxy!.BaseAddress!, one.Request).Within("an answer", TimeSpan.FromSeconds(8));
        }
        catch (IOException)
        {
            answer = "(reset)";
        }
        catch (TimeoutException)
        {
            answer = "(no answer)";
        }

        var seen = upstream.TakeSeen().Select(message => Comparable(message, one.Early));
        return $"client got\n{Answers(answer, one)}\nupstream saw\n{string.Join('\n', seen)}";
    }

    private static string Answers(string text, ForwardCase one)
    {
        var all = new List<string>();
        while (text.Length > 0)
        {
            var noBody = one.Request.StartsWith("HEAD", StringComparison.Ordinal) || text.StartsWith("HTTP/1.1 1", StringComparison.Ordinal)
                || text.StartsWith("HTTP/1.1 204", StringComparison.Ordinal) || text.StartsWith("HTTP/1.1 304", StringComparison.Ordinal);
            if (RawMessage.Read(text, noBody) is not { } message)
            {
                all.Add("cut off");
                break;
            }

            all.Add(Comparable(message, early: false));
            text = text[message.Length..];
        }

        return string.Join('\n', all);
    }

    private static string Comparable(RawMessage message, bool early)
    {
        var headers = message.Headers
            .Where(header => header.Name is not "date" || header.Value.Contains("1994", StringComparison.Ordinal))
            .Select(header => header.Name == "traceparent" && !header.Value.Contains("0af7651916cd43dd8448eb211c80319c", StringComparison.Ordinal)
                ? "traceparent: new"
                : $"{header.Name}: {header.Value}")
            .Order(StringComparer.Ordinal);
        return Ids().Replace($"{message.Line}\n{string.Join('\n', headers)}\n[{(early ? string.Empty : message.Framing)}] {message.Body}", "ID");
    }

    private static Task<EdgeUnderTest> StartAsync(RecordingUpstream upstream, bool lane, bool trusted) => EdgeUnderTest.StartAsync(
        Bundle,
        options => options with
        {
            TrustedProxies = trusted ? ["127.0.0.0/8"] : [],
            FactHeaders = options.FactHeaders with { Country = "X-Country" },
            Clusters = ImmutableDictionary<string, ClusterOptions>.Empty.Add("default", new ClusterOptions { Destinations = [upstream.Address.AbsoluteUri] }),
        },
        new EdgeHostSettings { ProxyLane = lane });

    // Decision ids, spans.
    [GeneratedRegex("[0-9a-f]{32}(?=\\n|\")|(?<=0af7651916cd43dd8448eb211c80319c-)[0-9a-f]{16}", RegexOptions.None, 1000)]
    private static partial Regex Ids();
}
