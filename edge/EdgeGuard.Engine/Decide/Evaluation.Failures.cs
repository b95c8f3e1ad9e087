using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Decide;

/// <content>What the edge itself cannot know, and what a policy's <c>on_failure</c> says of it. Only enforced policies count.</content>
internal ref partial struct Evaluation<TSink>
{
    // True when the policy goes on without knowing; otherwise the failure is noted as one that it refuses for.
    private bool MayOpen(int policy, int group, FailureCauses cause)
    {
        var opens = (_policy.Policies[policy].Opens & cause) != FailureCauses.None;
        if (group == Enforced)
        {
            _notes.Opened |= opens ? cause : FailureCauses.None;
            _notes.Closed |= opens ? FailureCauses.None : cause;
        }

        return opens;
    }

    // Of a credential that could not be checked it is not known whether it is good; one that was checked and refused stays refused.
    private bool OpensForCaller(CompiledIdentity identity, Reason reason, int policy, int group) =>
        reason == Reason.IdentityInvalid
        && (identity.Kinds & _facts.Caller.Unavailable) != CredentialKinds.None
        && MayOpen(policy, group, FailureCauses.IdentityUnavailable);

    private bool OpensForCredential(int slot, int policy, int group) =>
        (FactPlan.CredentialOf(_policy.Slots[slot].Kind) & _facts.Caller.Unavailable) != CredentialKinds.None
        && MayOpen(policy, group, FailureCauses.IdentityUnavailable);

    private bool OpensForData(int slot, int policy, int group) =>
        _facts.IsUnavailable(_policy.Slots[slot].Kind) && MayOpen(policy, group, FailureCauses.DataUnavailable);

    // No room for a counter: the limit is not taken, and nothing is given back for it.
    private bool OpensForCounter(in Reservation reservation, TakeResult result, int group) =>
        result == TakeResult.Full && MayOpen(_policy.Limits[reservation.Limit].Policy, group, FailureCauses.CountersFull);
}
