namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>
/// A family of models whose tokenizers are alike, and what its tokens hold. Weights are calibrated on one half of the texts of tests/token-corpus against the
/// counts of real tokenizers, and a test holds them to it; their error on the other half is in docs/llm.md.
/// </summary>
/// <param name="Name">As in the corpus; <c>default</c> for models that are not known, by the largest count of all families.</param>
/// <param name="AsciiBytes">Bytes of ASCII in a hundred tokens of a stream.</param>
/// <param name="OtherBytes">Other bytes in a hundred tokens of a stream.</param>
/// <param name="MessageTokens">Tokens that each message adds.</param>
/// <param name="Weights">Hundredths of a token that each <see cref="TokenFeature"/> makes.</param>
internal sealed record TokenFamily(string Name, int AsciiBytes, int OtherBytes, int MessageTokens, int[] Weights)
{
    private const int Hundred = 100;

    /// <summary>Estimated tokens of prompts, rather too many than too few.</summary>
    public long Tokens(in TokenUnits units, long messages)
    {
        long hundredths = 0;
        for (var i = 0; i < FeatureCounts.Count; i++)
        {
            hundredths += units.Counts[i] * Weights[i];
        }

        return ((hundredths + Hundred - 1) / Hundred) + units.Given + (messages * MessageTokens);
    }

    /// <summary>Estimated tokens of streamed text of so many bytes, whose words cannot be told apart in its pieces.</summary>
    public long StreamTokens(long ascii, long other) =>
        (((ascii * Hundred) + AsciiBytes - 1) / AsciiBytes) + (((other * Hundred) + OtherBytes - 1) / OtherBytes);
}
