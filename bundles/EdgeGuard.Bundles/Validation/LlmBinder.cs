using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Makes routes to models and tools of nodes without error.</summary>
internal static class LlmBinder
{
    public static LlmProviderDefinition BindProvider(Node node)
    {
        var bound = new LlmProviderDefinition
        {
            Id = node.TextAt("id")!,
            Format = node.TextAt("format") switch
            {
                "anthropic" => LlmFormat.Anthropic,
                "gemini" => LlmFormat.Gemini,
                _ => LlmFormat.OpenAi,
            },
            ApiKey = node.TextAt("api_key"),
            Prices = DocumentBinder.Each(node["prices"], BindPrice),
        };
        return node.TextAt("currency") is { } currency ? bound with { Currency = currency } : bound;
    }

    public static LlmRouteDefinition? BindRoute(Node? node)
    {
        if (node is null)
        {
            return null;
        }

        var bound = new LlmRouteDefinition
        {
            Provider = node.TextAt("provider")!,
            AllowedModels = DocumentBinder.Each(node["allowed_models"], model => model.Text),
            DeniedModels = DocumentBinder.Each(node["denied_models"], model => model.Text),
            IncludeStreamUsage = node["include_stream_usage"]?.Boolean ?? true,
            CountsMoney = node.TextAt("unit") == "money",
        };
        return node.NumberAt("max_body_bytes") is { } bytes ? bound with { MaxBodyBytes = (int)bytes } : bound;
    }

    public static McpRouteDefinition? BindTools(Node? node)
    {
        if (node is null)
        {
            return null;
        }

        var bound = new McpRouteDefinition
        {
            AllowedTools = DocumentBinder.Each(node["allowed_tools"], tool => tool.Text),
            DeniedTools = DocumentBinder.Each(node["denied_tools"], tool => tool.Text),
        };
        return node.NumberAt("max_body_bytes") is { } bytes ? bound with { MaxBodyBytes = (int)bytes } : bound;
    }

    private static ModelPriceDefinition BindPrice(Node node)
    {
        var (input, output) = (node.NumberAt("input")!.Value, node.NumberAt("output")!.Value);
        return new ModelPriceDefinition(
            node.TextAt("model")!, input, output, node.NumberAt("cached_input") ?? input, node.NumberAt("reasoning") ?? output);
    }
}
