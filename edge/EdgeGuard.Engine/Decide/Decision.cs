namespace EdgeGuard.Engine.Decide;

/// <summary>
/// The outcome of one request. Small and without references: names are resolved through the snapshot only when shown
/// (<see cref="Snapshot.PolicySnapshot"/>). The limit numbers describe the limit that denied, or else the tightest that ran.
/// </summary>
public readonly struct Decision
{
    /// <summary>Means "none" for an index.</summary>
    public const int None = -1;

    private readonly DecisionNotes _notes;

    public Verdict Verdict { get; init; }

    public Reason Reason { get; init; }

    /// <summary>HTTP status of a rejection; 200 for an allow.</summary>
    public short Status { get; init; }

    /// <summary>Index of the policy whose rule denied or is the tightest, or <see cref="None"/>.</summary>
    public int Policy { get; init; }

    /// <summary>Index of that rule over the whole snapshot, or <see cref="None"/>.</summary>
    public int Rule { get; init; }

    /// <summary>Index over the whole snapshot of the limit that denied or is the tightest (<see cref="Snapshot.PolicySnapshot.LimitName"/>), or <see cref="None"/>.</summary>
    public int LimitIndex { get; init; }

    /// <summary>Whether the request may pass, at once, marked or delayed.</summary>
    public bool IsAdmitted => Verdict != Verdict.Reject;

    /// <summary>Why an admitted request is marked or delayed.</summary>
    public Warning Warning { get; init; }

    /// <summary>Whether <see cref="Limit"/>, <see cref="Remaining"/> and <see cref="ResetSeconds"/> say something.</summary>
    public bool HasLimit { get; init; }

    /// <summary>The reason for which a shadow policy would have rejected (the first such), or <see cref="Reason.None"/>.</summary>
    public Reason ShadowReason { get => _notes.ShadowReason; init => _notes.ShadowReason = value; }

    /// <summary>Whether the limit on trial of that rule would have refused what the live one admits; otherwise the other way about.</summary>
    public bool TrialRefuses { get => _notes.TrialRefuses; init => _notes.TrialRefuses = value; }

    /// <summary>Index over the whole snapshot of the limit or guard that <see cref="Warning"/> is of; says something only with a warning.</summary>
    public int WarningLimit { get; init; }

    /// <summary>How long an admitted request is to wait first, in milliseconds; 0 to 30 000.</summary>
    public int DelayMilliseconds { get; init; }

    /// <summary>Index of the kill switch that matched (see <see cref="Snapshot.PolicySnapshot.KillSwitchId"/>), or <see cref="None"/>.</summary>
    public int KillSwitch { get; init; }

    /// <summary>Index of the most specific policy that matched, whether or not it denied, or <see cref="None"/>: the route template and cluster.</summary>
    public int MatchedPolicy { get; init; }

    /// <summary>Quota of the told limit, whole units.</summary>
    public long Limit { get; init; }

    /// <summary>Units left after this request, rounded down.</summary>
    public long Remaining { get; init; }

    /// <summary>Seconds until the quota is whole again, rounded up.</summary>
    public int ResetSeconds { get; init; }

    /// <summary>Seconds until a request of this cost could succeed, rounded up, at least 1 for a rejection; before jitter. 0 for an allow.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>Index of that policy, or <see cref="None"/>.</summary>
    public int ShadowPolicy { get => _notes.ShadowPolicy; init => _notes.ShadowPolicy = value; }

    /// <summary>Index of that rule, or <see cref="None"/>.</summary>
    public int ShadowRule { get => _notes.ShadowRule; init => _notes.ShadowRule = value; }

    /// <summary>Rules whose limit on trial would have decided otherwise than the live one: how many in this request.</summary>
    public int Disagreements { get => _notes.Disagreements; init => _notes.Disagreements = value; }

    /// <summary>Index of the first such rule, or <see cref="None"/>.</summary>
    public int DisagreeingRule { get => _notes.DisagreeingRule; init => _notes.DisagreeingRule = value; }

    /// <summary>Missing limit keys, whether the rule was skipped for it, refused or counted as shared: count over this request.</summary>
    public int MissingDescriptors { get => _notes.MissingDescriptors; init => _notes.MissingDescriptors = value; }

    /// <summary>What the edge could not know, and policies said to go on without.</summary>
    public FailureCauses Opened { get => _notes.Opened; init => _notes.Opened = value; }

    /// <summary>What the edge could not know, and policies refused for, unless something else refused first.</summary>
    public FailureCauses Closed { get => _notes.Closed; init => _notes.Closed = value; }

    /// <summary>Slot of the first missing descriptor, or <see cref="None"/>; for the metric by key.</summary>
    public int FirstMissingSlot { get => _notes.FirstMissingSlot; init => _notes.FirstMissingSlot = value; }

    /// <summary>Costs that the client named and that were no sane number: the default was charged instead.</summary>
    public int InvalidCosts { get => _notes.InvalidCosts; init => _notes.InvalidCosts = value; }

    /// <summary>All that it tells besides its outcome.</summary>
    internal DecisionNotes Notes { init => _notes = value; }

    /// <summary>A rejection that no rule gave, such as <see cref="Reason.MalformedRequest"/>: status from <see cref="Reasons"/>, no limit.</summary>
    public static Decision Refused(Reason reason) => new()
    {
        Verdict = Verdict.Reject,
        Reason = reason,
        Status = (short)Reasons.Status(reason),
        Policy = None,
        Rule = None,
        LimitIndex = None,
        DisagreeingRule = None,
        KillSwitch = None,
        MatchedPolicy = None,
        RetryAfterSeconds = 1,
        ShadowPolicy = None,
        ShadowRule = None,
        FirstMissingSlot = None,
    };
}
