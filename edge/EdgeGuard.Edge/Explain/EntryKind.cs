namespace EdgeGuard.Edge.Explain;

/// <summary>Why an entry is kept. The order is that of the metric's label values.</summary>
internal enum EntryKind : byte
{
    /// <summary>A refusal, by a policy or by the edge itself.</summary>
    Refusal,

    /// <summary>Admitted with a warning or a delay.</summary>
    Warning,

    /// <summary>Admitted, and a shadow policy would have refused.</summary>
    Shadow,

    /// <summary>A plain allow, sampled or asked for.</summary>
    Allow,
}
