namespace EdgeGuard.Bundles.Model;

/// <summary>Wire format of a provider of models.</summary>
public enum LlmFormat : byte
{
    /// <summary>OpenAI and every endpoint compatible with it: chat completions, responses, embeddings.</summary>
    OpenAi,

    /// <summary>Anthropic messages.</summary>
    Anthropic,

    /// <summary>Google Gemini: the model is in the path.</summary>
    Gemini,
}
