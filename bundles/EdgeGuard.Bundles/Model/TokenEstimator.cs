namespace EdgeGuard.Bundles.Model;

/// <summary>How prompt tokens are estimated before the provider counts them.</summary>
public enum TokenEstimator : byte
{
    /// <summary>Four bytes of message text a token.</summary>
    SimpleWord,

    /// <summary><c>X-Token-Estimate</c> of a trusted proxy; without it as <see cref="SimpleWord"/>.</summary>
    HeaderHint,

    /// <summary>By model family.</summary>
    Calibrated,
}
