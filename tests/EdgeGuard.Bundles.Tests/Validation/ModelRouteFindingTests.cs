using EdgeGuard.Bundles.Diff;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Tests.Validation;

/// <summary>Routes to models and tools.</summary>
public sealed class ModelRouteFindingTests
{
    private const string Providers = "llm_providers: [{id: openai, format: openai, api_key: '${env:KEY}', prices: [{model: 'gpt-4o*', input: 2.5, output: 10, cached_input: 1.25}]}, {id: claude, format: anthropic, currency: EUR}]";
    private const string Spend = "algorithm: cost_based, algorithm_config: {budget: 0.5, period: month, cost_key: 'llm:cost', staged_actions: [{threshold_percent: 100, action: reject}]}";

    [Theory]
    [InlineData("EG1290", "llm: {provider: opena}", "policies[0].spec.llm.provider")]
    [InlineData("EG1291", "llm: {provider: openai, allowed_models: [a, b], denied_models: [b]}", "policies[0].spec.llm.allowed_models[1]")]
    [InlineData("EG1291", "mcp: {allowed_tools: [a], denied_tools: [a]}", "policies[0].spec.mcp.allowed_tools[0]")]
    [InlineData("EG1291", "llm: {provider: claude, unit: money}", "policies[0].spec.llm.unit")]
    [InlineData("EG1291", "llm: {provider: openai}\n      mcp: {}", "policies[0].spec.mcp")]
    public void Route_ThatContradictsItself_IsRefusedAtItsPath(string code, string spec, string path) =>
        Assert.Equal(path, Sample.Single(Sample.Native(spec: spec, top: Providers), code).Path);

    [Fact]
    public void Prices_OfOneModelTwice_AreRefused() => Assert.Equal(
        "llm_providers[0].prices[1].model",
        Sample.Single(Sample.Native(top: "llm_providers: [{id: a, format: gemini, prices: [{model: m, input: 1, output: 1}, {model: m, input: 2, output: 2}]}]"), "EG1291").Path);

    [Theory]
    [InlineData("EG1293", "", "{name: r, limit_keys: [], " + Spend + "}")]
    [InlineData("EG1293", "llm: {provider: openai}", "{name: r, limit_keys: [], " + Spend + ", tiers: {by: 'header:x', default: a, plans: {a: {budget: 2}}}}")]
    [InlineData("EG1292", "mcp: {}", "{name: r, limit_keys: ['llm:provider'], algorithm: concurrency, algorithm_config: {limit: 1}}")]
    [InlineData("EG1292", "llm: {provider: openai}", "{name: r, limit_keys: [], match: {'mcp:tool': a}, algorithm: concurrency, algorithm_config: {limit: 1}}")]
    [InlineData("EG1292", "llm: {provider: openai}", "{name: r, limit_keys: [], enforcement: {percent: 50, by: 'llm:model'}, algorithm: concurrency, algorithm_config: {limit: 1}}")]
    public void Descriptor_WhereItIsNotKnown_IsRefused(string code, string spec, string rule) => Sample.Single(Sample.Native(rule, spec, Providers), code);

    [Fact]
    public void CostOfModels_InALevel_IsRefused() => Sample.Single(
        Sample.Native("{name: r, limit_keys: [], algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: ['method'], " + Spend + "}, {name: b, limit_keys: ['method', 'host'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1}}]}}", "llm: {provider: openai}", Providers),
        "EG1293");

    [Fact]
    public void CircuitBreaker_OverTheCostOfModels_IsRefused() => Sample.Single(
        Sample.Native("{name: r, limit_keys: [], " + Spend + "}", "llm: {provider: openai}\n      circuit_breaker: {enabled: true, spend_rate_threshold_per_minute: 5}", Providers), "EG1293");

    [Fact]
    public void Route_WithItsDefaults_IsBound()
    {
        var document = Sample.Valid(Sample.Native("{name: r, limit_keys: ['llm:model', 'llm:provider'], " + Spend + "}", "llm: {provider: openai, unit: money, allowed_models: ['gpt-4o*']}", Providers));

        var provider = document.LlmProviders[0];
        Assert.Equal(new ModelPriceDefinition("gpt-4o*", 2.5, 10, 1.25, 10), provider.Prices[0]);
        Assert.Equal(("USD", LlmFormat.OpenAi, "${env:KEY}"), (provider.Currency, provider.Format, provider.ApiKey));
        Assert.Equal("EUR", document.LlmProviders[1].Currency);
        var route = document.Policies[0].Llm!;
        Assert.Equal((true, true, 4_194_304), (route.CountsMoney, route.IncludeStreamUsage, route.MaxBodyBytes));
        Assert.True(Assert.IsType<CostBasedDefinition>(document.Policies[0].Rules[0].Algorithm).CountsLlmCost);
        Assert.Equal([new DescriptorKey(DescriptorKind.LlmProperty, "model"), new DescriptorKey(DescriptorKind.LlmProperty, "provider")], document.Policies[0].Rules[0].LimitKeys);
        Assert.Equal(1_048_576, Sample.Valid(Sample.Native(spec: "mcp: {}")).Policies[0].Mcp!.MaxBodyBytes);
    }

    [Fact]
    public void Changes_OfRoutesProvidersAndPrices_AreTold()
    {
        var before = Sample.Valid(Sample.Native(spec: "llm: {provider: openai}", top: Providers));
        var after = Sample.Valid(Sample.Native(spec: "llm: {provider: claude, allowed_models: [a], denied_models: [b], include_stream_usage: false}", top: Providers.Replace("input: 2.5", "input: 3", StringComparison.Ordinal)));

        var paths = BundleDiff.Compare(before, after).Select(change => change.Path).ToList();

        Assert.Equal(
            [
                "policies[api].llm.provider", "policies[api].llm.allowed_models", "policies[api].llm.denied_models", "policies[api].llm.include_stream_usage",
                "llm_providers[openai].prices.gpt-4o*",
            ],
            paths);
    }
}
