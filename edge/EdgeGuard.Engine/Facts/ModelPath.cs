namespace EdgeGuard.Engine.Facts;

/// <summary>Models that paths name.</summary>
public static class ModelPath
{
    /// <summary>What the deployments of Azure's OpenAI begin with: <c>/openai/deployments/{deployment}/chat/completions</c>.</summary>
    public static ReadOnlySpan<byte> Deployments => "/openai/deployments/"u8;

    /// <summary>The deployment in a path, or nothing.</summary>
    public static ReadOnlySpan<byte> DeploymentOf(ReadOnlySpan<byte> path)
    {
        var start = path.IndexOf(Deployments);
        if (start < 0)
        {
            return default;
        }

        var rest = path[(start + Deployments.Length)..];
        var end = rest.IndexOf((byte)'/');
        return end < 0 ? default : rest[..end];
    }

    /// <summary>Gemini's model, <c>.../models/{model}:generateContent</c>: the last segment up to its colon; or nothing.</summary>
    public static ReadOnlySpan<byte> GeminiOf(ReadOnlySpan<byte> path)
    {
        var slash = path.LastIndexOf((byte)'/');
        var last = path[(slash + 1)..];
        var before = slash > 0 ? path[..slash] : default;
        var colon = last.LastIndexOf((byte)':');
        return before.EndsWith("/models"u8) || before.EndsWith("/tunedModels"u8) ? colon < 0 ? last : last[..colon] : default;
    }

    /// <summary>The model whose vocabulary a prompt is counted with: that of the body, or else the deployment.</summary>
    public static ReadOnlySpan<byte> ModelOf(ReadOnlySpan<byte> path, BodyFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts.Model.IsKnown ? facts.Model.Value : DeploymentOf(path);
    }
}
