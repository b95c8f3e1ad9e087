namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>The families that are told apart, by the beginnings of models' names.</summary>
internal static class TokenFamilies
{
    /// <summary>For models that are not known.</summary>
    public static TokenFamily Default { get; } = new("default", 360, 180, 4, [71, 52, 288, 118, 8, 80, 234, 168, 299, 138, 64, 128, 113, 148, 220, 182, 123, 111, 160, 328, 425]);

    private static readonly TokenFamily O200K = new("o200k", 420, 250, 4, [74, 39, 259, 63, 19, 35, 191, 12, 97, 46, 33, 45, 35, 45, 38, 40, 85, 69, 82, 295, 296]);
    private static readonly TokenFamily Cl100K = new("cl100k", 410, 200, 4, [69, 47, 280, 65, 15, 36, 186, 179, 165, 110, 60, 126, 88, 136, 159, 99, 115, 112, 131, 293, 379]);
    private static readonly TokenFamily Claude = new("claude", 350, 180, 5, [75, 46, 279, 59, 6, 71, 145, 178, 294, 138, 65, 110, 113, 149, 220, 182, 119, 99, 145, 260, 420]);
    private static readonly TokenFamily Gemini = new("gemini", 400, 250, 4, [72, 34, 234, 115, 0, 95, 208, 59, 43, 45, 31, 55, 40, 35, 28, 31, 48, 64, 69, 201, 270]);
    private static readonly TokenFamily Llama3 = new("llama3", 410, 220, 5, [66, 53, 279, 66, 10, 43, 166, 100, 9, 49, 36, 125, 48, 70, 159, 51, 73, 75, 85, 295, 402]);
    private static readonly TokenFamily Qwen = new("qwen", 390, 240, 5, [53, 59, 244, 126, 1, 62, 160, 157, 0, 106, 48, 40, 48, 123, 133, 57, 83, 61, 91, 281, 368]);
    private static readonly TokenFamily DeepSeek = new("deepseek", 390, 240, 4, [72, 44, 271, 62, 15, 53, 168, 147, 115, 58, 43, 58, 48, 83, 54, 43, 78, 58, 98, 228, 377]);
    private static readonly TokenFamily Mistral = new("mistral", 340, 170, 4, [73, 49, 287, 118, 10, 78, 239, 182, 221, 125, 45, 128, 112, 142, 136, 106, 128, 105, 160, 328, 419]);

    // Longer names first where one begins with another.
    private static readonly (byte[] Prefix, TokenFamily Family)[] ByName =
    [
        ("gpt-4o"u8.ToArray(), O200K),
        ("gpt-4.1"u8.ToArray(), O200K),
        ("gpt-4.5"u8.ToArray(), O200K),
        ("gpt-4"u8.ToArray(), Cl100K),
        ("gpt-3.5"u8.ToArray(), Cl100K),
        ("gpt-35"u8.ToArray(), Cl100K),
        ("gpt-"u8.ToArray(), O200K),
        ("chatgpt-"u8.ToArray(), O200K),
        ("o1"u8.ToArray(), O200K),
        ("o3"u8.ToArray(), O200K),
        ("o4"u8.ToArray(), O200K),
        ("text-embedding-"u8.ToArray(), Cl100K),
        ("claude"u8.ToArray(), Claude),
        ("gemini"u8.ToArray(), Gemini),
        ("gemma"u8.ToArray(), Gemini),
        ("llama-2"u8.ToArray(), Mistral),
        ("llama2"u8.ToArray(), Mistral),
        ("llama"u8.ToArray(), Llama3),
        ("meta-llama"u8.ToArray(), Llama3),
        ("mistral"u8.ToArray(), Mistral),
        ("mixtral"u8.ToArray(), Mistral),
        ("codestral"u8.ToArray(), Mistral),
        ("qwen"u8.ToArray(), Qwen),
        ("deepseek"u8.ToArray(), DeepSeek),
    ];

    /// <summary>All of them; the one for models that are not known last.</summary>
    public static IReadOnlyList<TokenFamily> All { get; } = [O200K, Cl100K, Claude, Gemini, Llama3, Qwen, DeepSeek, Mistral, Default];

    /// <summary>The family that a model's name begins with, after a provider's prefix such as <c>openai/</c>.</summary>
    public static TokenFamily Of(ReadOnlySpan<byte> model)
    {
        var slash = model.LastIndexOf((byte)'/');
        var name = model[(slash + 1)..];
        foreach (var (prefix, family) in ByName)
        {
            if (name.Length >= prefix.Length && System.Text.Ascii.EqualsIgnoreCase(name[..prefix.Length], prefix))
            {
                return family;
            }
        }

        return Default;
    }
}
