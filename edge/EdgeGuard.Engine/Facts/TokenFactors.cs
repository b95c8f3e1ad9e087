namespace EdgeGuard.Engine.Facts;

/// <summary>
/// What the tokens of a family of models hold, rounded so that estimates are rather too high than too low. Approximations for prose and code in
/// UTF-8: bytes of ASCII and of anything else in a hundred tokens, and tokens around each message.
/// </summary>
/// <param name="AsciiBytes">Bytes of ASCII in a hundred tokens.</param>
/// <param name="OtherBytes">Other bytes in a hundred tokens.</param>
/// <param name="MessageTokens">Tokens that each message adds.</param>
internal readonly record struct TokenFactors(int AsciiBytes, int OtherBytes, int MessageTokens)
{
    /// <summary>For models that are not known.</summary>
    public static TokenFactors Default { get; } = new(360, 180, 4);

    /// <summary>Factors of the family that a model's name begins with, after a provider's prefix such as <c>openai/</c>.</summary>
    public static TokenFactors Of(ReadOnlySpan<byte> model)
    {
        var slash = model.LastIndexOf((byte)'/');
        var name = model[(slash + 1)..];
        foreach (var (prefix, factors) in Families)
        {
            if (name.Length >= prefix.Length && System.Text.Ascii.EqualsIgnoreCase(name[..prefix.Length], prefix))
            {
                return factors;
            }
        }

        return Default;
    }

    /// <summary>Estimated tokens of a text.</summary>
    public long Tokens(in TextUnits text, long messages) => Tokens(text.Ascii, text.Other, messages);

    /// <summary>Estimated tokens of a text of so many bytes.</summary>
    public long Tokens(long ascii, long other, long messages) =>
        (((ascii * 100) + AsciiBytes - 1) / AsciiBytes)
        + (((other * 100) + OtherBytes - 1) / OtherBytes)
        + (messages * MessageTokens);

    // Longer names first where one begins with another.
    private static readonly (byte[] Prefix, TokenFactors Factors)[] Families =
    [
        ("gpt-4o"u8.ToArray(), new(420, 250, 4)),
        ("gpt-4.1"u8.ToArray(), new(420, 250, 4)),
        ("gpt-4.5"u8.ToArray(), new(420, 250, 4)),
        ("gpt-4"u8.ToArray(), new(410, 200, 4)),
        ("gpt-3.5"u8.ToArray(), new(410, 200, 4)),
        ("gpt-"u8.ToArray(), new(420, 250, 4)),
        ("chatgpt-"u8.ToArray(), new(420, 250, 4)),
        ("o1"u8.ToArray(), new(420, 250, 4)),
        ("o3"u8.ToArray(), new(420, 250, 4)),
        ("o4"u8.ToArray(), new(420, 250, 4)),
        ("claude"u8.ToArray(), new(350, 180, 5)),
        ("gemini"u8.ToArray(), new(400, 250, 4)),
        ("gemma"u8.ToArray(), new(400, 250, 4)),
        ("llama-2"u8.ToArray(), new(330, 160, 5)),
        ("llama2"u8.ToArray(), new(330, 160, 5)),
        ("llama"u8.ToArray(), new(410, 220, 5)),
        ("meta-llama"u8.ToArray(), new(410, 220, 5)),
        ("mistral"u8.ToArray(), new(340, 170, 4)),
        ("mixtral"u8.ToArray(), new(340, 170, 4)),
        ("codestral"u8.ToArray(), new(340, 170, 4)),
        ("qwen"u8.ToArray(), new(390, 240, 5)),
        ("deepseek"u8.ToArray(), new(390, 240, 4)),
        ("command"u8.ToArray(), new(390, 200, 4)),
    ];
}
