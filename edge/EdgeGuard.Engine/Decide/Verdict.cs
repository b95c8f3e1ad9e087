namespace EdgeGuard.Engine.Decide;

/// <summary>What happens to a request. All but <see cref="Reject"/> admit it. Never renumber.</summary>
public enum Verdict : byte
{
    Allow = 0,

    Reject = 1,

    /// <summary>Admitted, with a mark in the answer.</summary>
    Warn = 2,

    /// <summary>Admitted after a delay.</summary>
    Throttle = 3,
}
