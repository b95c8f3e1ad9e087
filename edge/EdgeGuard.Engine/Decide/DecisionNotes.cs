namespace EdgeGuard.Engine.Decide;

/// <summary>
/// What a decision tells besides its outcome: kept together while it is taken and copied in one go, because as eleven fields of their own they
/// were a twentieth of the instructions of a plain decision, which has nothing of it to tell.
/// </summary>
internal struct DecisionNotes
{
    /// <inheritdoc cref="Decision.FirstMissingSlot" />
    public int FirstMissingSlot;

    /// <inheritdoc cref="Decision.DisagreeingRule" />
    public int DisagreeingRule;

    /// <inheritdoc cref="Decision.ShadowPolicy" />
    public int ShadowPolicy;

    /// <inheritdoc cref="Decision.ShadowRule" />
    public int ShadowRule;

    /// <inheritdoc cref="Decision.MissingDescriptors" />
    public int MissingDescriptors;

    /// <inheritdoc cref="Decision.InvalidCosts" />
    public int InvalidCosts;

    /// <inheritdoc cref="Decision.Disagreements" />
    public int Disagreements;

    /// <inheritdoc cref="Decision.ShadowReason" />
    public Reason ShadowReason;

    /// <inheritdoc cref="Decision.TrialRefuses" />
    public bool TrialRefuses;

    /// <inheritdoc cref="Decision.Opened" />
    public FailureCauses Opened;

    /// <inheritdoc cref="Decision.Closed" />
    public FailureCauses Closed;
}
