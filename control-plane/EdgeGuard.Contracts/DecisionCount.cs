namespace EdgeGuard.Contracts;

/// <summary>How often one outcome was given. All labels come from the bundle or from closed lists, none from a request.</summary>
/// <param name="Policy">Policy id, empty for none.</param>
/// <param name="Rule">Rule name, or id of a kill switch; empty for none.</param>
/// <param name="Verdict"><c>allow</c> or <c>reject</c>.</param>
/// <param name="Reason">Reason word, empty for an allow.</param>
/// <param name="Route">Route template of the most specific policy, empty for none.</param>
/// <param name="Shadow">Whether this is what a shadow policy would have done.</param>
/// <param name="BundleVersion">Bundle that decided.</param>
/// <param name="Count">How often.</param>
public sealed record DecisionCount(
    string Policy, string Rule, string Verdict, string Reason, string Route, bool Shadow, long BundleVersion, long Count);
