namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>What a mock provider speaks.</summary>
internal enum MockFormat
{
    Chat,
    Responses,
    Anthropic,
    Gemini,
    GeminiArray,
}
