namespace EdgeGuard.Bundles.Model;

/// <summary>What happens from a share of a budget on.</summary>
/// <param name="ThresholdPercent">Share, 0 to 100.</param>
/// <param name="Action">What happens.</param>
/// <param name="DelayMilliseconds">Delay of a throttle, 1 to 30 000; 0 otherwise.</param>
public readonly record struct StagedAction(double ThresholdPercent, StagedActionKind Action, int DelayMilliseconds);
