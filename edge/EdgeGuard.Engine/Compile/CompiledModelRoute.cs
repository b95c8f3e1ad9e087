using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Facts.Tokens;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Compile;

/// <summary>What makes a policy's route lead to models or tools: how the name is found, and which names may be used.</summary>
internal sealed class CompiledModelRoute
{
    private readonly NamePatterns _allowed;
    private readonly NamePatterns _denied;
    private readonly CompiledPrices? _prices;
    private readonly int _maxBodyBytes;
    private readonly byte[] _provider;

    private CompiledModelRoute(ModelRoute door, NamePatterns allowed, NamePatterns denied, CompiledPrices? prices, int maxBodyBytes)
    {
        Door = door;
        _allowed = allowed;
        _denied = denied;
        _prices = prices;
        _maxBodyBytes = maxBodyBytes;
        _provider = Encoding.UTF8.GetBytes(door.Provider ?? string.Empty);
    }

    /// <summary>What doors know of it.</summary>
    public ModelRoute Door { get; }

    /// <summary>Slot of the model or tool, or -1 when nothing reads it.</summary>
    public int NameSlot { get; init; } = -1;

    /// <summary>Slot of the provider or method, or -1 when nothing reads it.</summary>
    public int KindSlot { get; init; } = -1;

    public int MaxBodyBytes => _maxBodyBytes;

    /// <summary>A route to models.</summary>
    public static CompiledModelRoute Of(int policy, LlmRouteDefinition route, LlmFormat format, CompiledPrices? prices, int modelSlot, int providerSlot) => new(
        new ModelRoute(policy, route.Provider, format, route.IncludeStreamUsage),
        new NamePatterns(route.AllowedModels),
        new NamePatterns(route.DeniedModels),
        prices,
        route.MaxBodyBytes)
    {
        NameSlot = modelSlot,
        KindSlot = providerSlot,
    };

    /// <summary>A route to tools.</summary>
    public static CompiledModelRoute Of(int policy, McpRouteDefinition route, int toolSlot, int methodSlot) => new(
        new ModelRoute(policy, null, default, IncludeStreamUsage: false),
        new NamePatterns(route.AllowedTools),
        new NamePatterns(route.DeniedTools),
        null,
        route.MaxBodyBytes)
    {
        NameSlot = toolSlot,
        KindSlot = methodSlot,
    };

    /// <summary>Tells the facts what the request names, and why it is refused whatever is left.</summary>
    public Reason Check(FactSet facts, ReadOnlySpan<byte> path)
    {
        var body = facts.Body;
        if (!body.IsRead)
        {
            body.ForgetNames();
        }

        if (body.IsTooLarge || body.Length > _maxBodyBytes)
        {
            return Reason.TooLarge;
        }

        return Door.IsTools ? CheckTool(facts, body) : CheckModel(facts, body, path);
    }

    private Reason CheckModel(FactSet facts, BodyFacts body, ReadOnlySpan<byte> path)
    {
        // What another reader could read in another way: two models, or what is no object.
        if (body.Length > 0 && body.IsRead && !body.IsObject)
        {
            return Reason.MalformedRequest;
        }

        if (Door.Format == LlmFormat.Gemini)
        {
            body.Model.Set(ModelPath.GeminiOf(path));
            body.CalibratedPromptTokens = TokenFamilies.Of(body.Model.Value).Tokens(in body.PromptUnits, body.Messages);
        }

        if (body.Model.IsAmbiguous || body.Model.IsTooLong)
        {
            return Reason.MalformedRequest;
        }

        if (Door.Format == LlmFormat.OpenAi && ModelPath.DeploymentOf(path) is { IsEmpty: false } deployment)
        {
            // The deployment answers, whatever the body names; but a server that goes by the body must not be led to another model.
            if (body.Model.IsKnown && IsRefused(body.Model.Value))
            {
                return Reason.ModelDenied;
            }

            body.CalibratedPromptTokens = body.Model.IsKnown ? body.CalibratedPromptTokens : TokenFamilies.Of(deployment).Tokens(in body.PromptUnits, body.Messages);
            body.Model.Set(deployment);
        }

        if (body.Model.IsTooLong)
        {
            return Reason.MalformedRequest;
        }

        facts.Replace(NameSlot, body.Model.Value);
        facts.Replace(KindSlot, _provider);
        return IsRefused(body.Model.Value) || (_prices is { } prices && !prices.Knows(body.Model.Value)) ? Reason.ModelDenied : Reason.None;
    }

    private Reason CheckTool(FactSet facts, BodyFacts body)
    {
        // A batch would be many calls in one, and no version of the protocol after 2025-03-26 has them.
        if ((body.Length > 0 && body.IsRead && !body.IsObject) || body.RpcMethod.IsAmbiguous || body.RpcMethod.IsTooLong)
        {
            return Reason.MalformedRequest;
        }

        facts.Replace(KindSlot, body.RpcMethod.Value);
        var isCall = body.RpcMethod.Value.SequenceEqual("tools/call"u8);
        if (!isCall)
        {
            facts.Replace(NameSlot, default);
            return Reason.None;
        }

        if (!body.RpcTool.IsKnown)
        {
            return Reason.MalformedRequest;
        }

        facts.Replace(NameSlot, body.RpcTool.Value);
        return IsRefused(body.RpcTool.Value) ? Reason.ModelDenied : Reason.None;
    }

    // What names nothing is on no list.
    private bool IsRefused(ReadOnlySpan<byte> name) => _denied.Find(name) >= 0
        || (!_allowed.IsEmpty && _allowed.Find(name) < 0)
        || (name.IsEmpty && !_denied.IsEmpty);
}
