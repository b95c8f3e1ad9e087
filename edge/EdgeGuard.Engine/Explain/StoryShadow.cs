namespace EdgeGuard.Engine.Explain;

/// <summary>What a shadow policy would have refused.</summary>
/// <param name="Reason">Reason word.</param>
/// <param name="Policy">Policy id.</param>
/// <param name="Rule">Rule name.</param>
public sealed record StoryShadow(string Reason, string Policy, string Rule);
