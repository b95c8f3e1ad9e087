using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>A counter's 128-bit name. Never zero: zero is an empty cell.</summary>
internal readonly record struct CounterKey(ulong Low, ulong High)
{
    // Any two fixed odd-looking words do: SipHash is a pseudo-random function, so key ^ constant meets another rule's key only by a
    // 2^-128 accident. Digits of pi, so that nobody has to wonder where they come from.
    private const ulong ShadowLow = 0x243F6A8885A308D3;
    private const ulong ShadowHigh = 0x13198A2E03707344;

    /// <summary>The name of the same counter in the shadow name space: a shadow policy never touches the live one's counters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CounterKey ForShadow() => Of(Low ^ ShadowLow, High ^ ShadowHigh);

    /// <summary>The name of one window of the counter (<see cref="UsageName.MixOf"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CounterKey With((ulong Low, ulong High) mix) => Of(Low ^ mix.Low, High ^ mix.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CounterKey Of(ulong low, ulong high) => (low | high) == 0 ? new CounterKey(1, 0) : new CounterKey(low, high);
}
