using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.Decide;

/// <summary>
/// One decision under way: first every limit of every matching policy is checked without taking anything, then, if all enforced ones agree,
/// all are taken in order, and what was taken is given back if one of them was lost to another request meanwhile.
/// </summary>
internal ref partial struct Evaluation<TSink>
    where TSink : struct, ITraceSink
{
    /// <summary>Group of reservations that are enforced; every other group is a shadow of its own.</summary>
    private const int Enforced = -1;

    private CompiledPolicy _policy;
    private TableBinding _binding;
    private FactSet _facts;
    private EngineTime _now;
    private ulong _epoch;
    private bool _globalShadow;
    private TSink _sink;
    private int _count;
    private int _firstNamed;
    private int _named;
    private int _tightest;
    private ulong _tightestLeft;
    private ulong _tightestOwn;
    private int _matchedPolicy;
    private int _refusals;
    private int _refusedRules;
    private int _refusedRule;
    private int _shadowRefusals;
    private int _trips;
    private bool _needsEnding;
    private int _delay;
    private Warning _warning;
    private int _warningLimit;
    private DecisionNotes _notes;

    /// <summary>Begins one that is all zero. No constructor: the caller's frame is cleared once as it is entered, and a constructor would do it again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(CompiledPolicy policy, TableBinding binding, FactSet facts, EngineTime now, TSink sink)
    {
        _policy = policy;
        _binding = binding;
        _facts = facts;
        facts.Denial.Reason = Reason.None;
        _now = now;
        _epoch = CellMeta.EpochAt(now.Nanoseconds);
        _globalShadow = policy.GlobalShadowUntil > now.UnixMilliseconds;
        _sink = sink;
        _tightest = Decision.None;
        _matchedPolicy = Decision.None;
        _notes.FirstMissingSlot = Decision.None;
        _notes.DisagreeingRule = Decision.None;
        _notes.ShadowPolicy = Decision.None;
        _notes.ShadowRule = Decision.None;
    }

    /// <summary>Whether anything enforced refuses: then the outcome is <see cref="Rejection"/>, and otherwise <see cref="Admitted"/>.</summary>
    public readonly bool IsRefused => _facts.Denial.Reason != Reason.None;

    /// <summary>How many reservations were checked and agree.</summary>
    public readonly int Count => _count;

    /// <summary>
    /// Whether something taken has to be told of the request's end. Of a request that waits first all of it: it may be shed, killed or left
    /// before it is forwarded.
    /// </summary>
    public readonly bool NeedsEnding => (_needsEnding || _delay > 0 || _facts.Returnable) && !IsRefused;

    /// <summary>Checks everything. Nothing is taken.</summary>
    /// <remarks>
    /// Not inlined, as its limits and the matching before it are not: all in one method has more values alive than a processor has registers and a
    /// frame of 900 bytes, of which 400 are cleared for each decision.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Check(in RequestView request)
    {
        RouteMatcher.Match(_policy.Routes, request.Method, request.Host, request.Path, _facts.Matches);
        foreach (var policy in _facts.Matches.Policies)
        {
            if (_matchedPolicy < 0)
            {
                _matchedPolicy = policy;
            }

            CheckPolicy(policy, in _policy.Policies[policy], in request);
        }
    }

    private void CheckPolicy(int index, in CompiledPolicyEntry policy, in RequestView request)
    {
        var group = _globalShadow || policy.Shadow ? index : Enforced;
        if (policy.Identity is { } identity && !CheckCaller(identity, index, group))
        {
            return;
        }

        if (policy.Models is { } models && !CheckModels(models, index, group, in request))
        {
            return;
        }

        var first = _count;
        var refusals = _shadowRefusals;
        var agreed = true;
        var matched = false;
        if (policy.Guards is { } guards)
        {
            agreed = CheckGuards(guards, group, in request);
        }

        _named = 0;
        if (policy.RuleCount > 1)
        {
            NameCounters(in policy);
        }

        for (var rule = policy.FirstRule; rule < policy.FirstRule + policy.RuleCount; rule++)
        {
            agreed &= CheckRule(rule, group, ref matched);
        }

        if (!matched && policy.Fallback >= 0)
        {
            agreed &= CheckRule(policy.Fallback, group, ref matched);
        }

        if (group != Enforced && !agreed)
        {
            // Enforced, it would have refused and so consumed nothing.
            _count = _shadowRefusals == refusals + 1 ? KeepTrip(group, first) : first;
        }
    }

    // The denial with the longest wait is told; of shadow denials the first.
    private void Deny(int group, in Denial denial)
    {
        if (group == Enforced)
        {
            _refusals++;
            if (_refusedRules == 0 || denial.Rule != _refusedRule)
            {
                _refusedRules++;
                _refusedRule = denial.Rule;
            }

            if (_facts.Denial.Reason == Reason.None || denial.WaitSeconds > _facts.Denial.WaitSeconds)
            {
                _facts.Denial = denial;
            }
        }
        else
        {
            _shadowRefusals++;
            if (_notes.ShadowReason == Reason.None)
            {
                _notes.ShadowReason = denial.Reason;
                _notes.ShadowPolicy = denial.Policy;
                _notes.ShadowRule = denial.Rule;
            }
        }
    }

    // All missing keys of a rule, whether or not it stops at the first.
    private void CountMissing(CompiledRule rule)
    {
        foreach (var slot in rule.LimitSlots)
        {
            if (_facts.StateOf(slot) == FactState.Present)
            {
                continue;
            }

            _notes.MissingDescriptors++;
            _facts.AddMissing(slot);
            if (_notes.FirstMissingSlot < 0)
            {
                _notes.FirstMissingSlot = slot;
            }
        }
    }
}
