using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>An edge in front of a mock provider, and a client that reads its streams.</summary>
internal sealed class ModelScene : IAsyncDisposable
{
    /// <summary>What a request reserves for its completion when it names no bound.</summary>
    public const int DefaultCompletion = 10;

    private const string Team = "x-team";
    private readonly MockFormat _format;

    private ModelScene(EdgeUnderTest edge, MockFormat format)
    {
        Edge = edge;
        _format = format;
    }

    public EdgeUnderTest Edge { get; }

    /// <summary>Prompts of four letters, which are one token by the simple estimate.</summary>
    public const int EstimatedPrompt = 1;

    public static async Task<ModelScene> StartAsync(
        MockProvider provider, MockFormat format, string limits, string route = "", string providerMore = "", string? rules = null,
        Func<EdgeOptions, EdgeOptions>? options = null)
    {
        var edge = await EdgeUnderTest.StartAsync(
            Bundle(format, limits, route, providerMore, rules),
            given => (options ?? (same => same))(given) with { ReferenceEnvironment = ["PROVIDER_KEY"] },
            new EdgeHostSettings { Environment = name => name == "PROVIDER_KEY" ? "sk-of-the-edge" : null });
        edge.Upstream.Answer = context => provider.AnswerAsync(context, edge.Upstream.Received.Items[^1].Body);
        return new ModelScene(edge, format);
    }

    public static string Bundle(MockFormat format, string limits, string route = "", string providerMore = "", string? rules = null) => $$"""
        format: edgeguard/v1
        bundle_version: 1
        llm_providers:
          - {id: mock, format: {{Word(format)}}{{providerMore}}}
        policies:
          - id: models
            spec:
              selector: {pathPrefix: /}
              llm: {provider: mock{{route}}}
              rules:
        {{rules ?? $$"""
                - name: tokens
                  limit_keys: ['header:{{Team}}']
                  algorithm: token_bucket_llm
                  algorithm_config: {default_max_completion: {{DefaultCompletion}}, {{limits}}}
        """}}
        """;

    /// <summary>Sends a request for a stream, whose headers are waited for.</summary>
    public async Task<HttpResponseMessage> AskAsync(string more = "", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Edge.Proxy!.BaseAddress!, Path)) { Content = new StringContent(Body(more), Encoding.UTF8, "application/json") };
        request.Headers.Add(Team, "a");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Edge.Proxy.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within("headers");
    }

    /// <summary>The whole text of the answer to a request.</summary>
    public async Task<string> StreamAsync(string more = "")
    {
        using var response = await AskAsync(more);
        Assert.True(response.IsSuccessStatusCode, response.StatusCode.ToString());
        return await response.Content.ReadAsStringAsync().Within("the answer");
    }

    /// <summary>Tokens that are left of a minute's budget, once all requests have ended. Takes some itself: what a request without a bound reserves.</summary>
    public async Task<long> LeftAsync(int reserves = DefaultCompletion)
    {
        await Eventually.TrueAsync(() => Edge.Host.Services.GetRequiredService<DecisionEngine>().OpenAdmissions == 0);
        using var response = await Edge.DecideAsync("/", (Team, "a"));
        var told = response.Header("RateLimit");
        return long.Parse(told!.Split("r=")[1].Split(';')[0], CultureInfo.InvariantCulture) + (response.IsSuccessStatusCode ? reserves : 0);
    }

    /// <summary>Numbers of the tokens in an answer, in the order in which they came.</summary>
    public static int[] TokensOf(string answer)
    {
        var tokens = new List<int>();
        for (var at = answer.IndexOf("\"t", StringComparison.Ordinal); at >= 0; at = answer.IndexOf("\"t", at + 1, StringComparison.Ordinal))
        {
            if (at + 5 < answer.Length && answer[at + 5] == '"' && int.TryParse(answer.AsSpan(at + 2, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var token))
            {
                tokens.Add(token);
            }
        }

        return [.. tokens];
    }

    /// <summary>The data of the events of an answer, each of them JSON but for OpenAI's end.</summary>
    public List<JsonElement> EventsOf(string answer)
    {
        if (_format == MockFormat.GeminiArray)
        {
            return [.. JsonDocument.Parse(answer).RootElement.EnumerateArray()];
        }

        Assert.EndsWith("\n\n", answer.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        return [.. answer.ReplaceLineEndings("\n").Split('\n')
            .Where(line => line.StartsWith("data: ", StringComparison.Ordinal) && line != "data: [DONE]")
            .Select(line => JsonDocument.Parse(line[6..]).RootElement)];
    }

    public ValueTask DisposeAsync() => Edge.DisposeAsync();

    private string Path => _format switch
    {
        MockFormat.Chat => "/v1/chat/completions",
        MockFormat.Responses => "/v1/responses",
        MockFormat.Anthropic => "/v1/messages",
        MockFormat.Gemini => "/v1beta/models/mock-1:streamGenerateContent?alt=sse",
        _ => "/v1beta/models/mock-1:streamGenerateContent",
    };

    private string Body(string more) => _format switch
    {
        MockFormat.Responses => $$"""{"model":"mock-1","stream":true,"input":"Hell"{{more}}}""",
        MockFormat.Gemini or MockFormat.GeminiArray => $$"""{"contents":[{"role":"user","parts":[{"text":"Hell"}]}]{{more}}}""",
        _ => $$"""{"model":"mock-1","stream":true,"messages":[{"role":"user","content":"Hell"}]{{more}}}""",
    };

    private static string Word(MockFormat format) => format switch
    {
        MockFormat.Anthropic => "anthropic",
        MockFormat.Gemini or MockFormat.GeminiArray => "gemini",
        _ => "openai",
    };
}
