using System.Diagnostics.CodeAnalysis;

namespace EdgeGuard.Fuzz.Running;

/// <summary>A promise that a reader makes does not hold for one input.</summary>
internal sealed class FuzzFailure(string message) : Exception(message)
{
    /// <summary>Fails unless a promise holds.</summary>
    public static void Unless([DoesNotReturnIf(false)] bool holds, string promise)
    {
        if (!holds)
        {
            throw new FuzzFailure($"does not hold: {promise}");
        }
    }
}
