namespace EdgeGuard.Engine.Decide;

/// <summary>What became of a policy, rule or limit in a decision.</summary>
public enum StepOutcome : byte
{
    /// <summary>A match condition does not hold.</summary>
    NotMatched,

    /// <summary>A descriptor is missing and the rule is skipped for it.</summary>
    MissingSkipped,

    /// <summary>A descriptor is missing and the rule refuses for it.</summary>
    MissingDenied,

    /// <summary>A descriptor is there and could not be verified.</summary>
    Unverifiable,

    /// <summary>The limit holds the cost.</summary>
    Allowed,

    /// <summary>The limit refuses.</summary>
    Denied,

    /// <summary>The limit holds the cost and marks the answer.</summary>
    Warned,

    /// <summary>The limit holds the cost and delays the answer.</summary>
    Throttled,

    /// <summary>A kill switch refuses; <see cref="DecisionStep.Rule"/> is its index.</summary>
    Killed,

    /// <summary>The body is longer than the rule reads.</summary>
    TooLarge,

    /// <summary>The policy demands an identity or a scope that the caller has not.</summary>
    CallerRefused,

    /// <summary>The request names a model or tool that its route does not lead to, or cannot be read as one.</summary>
    RouteRefused,

    /// <summary>The edge could not know what it would have to, and the policy's <c>on_failure</c> says to go on.</summary>
    FailureOpened,
}
