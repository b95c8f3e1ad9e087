namespace EdgeGuard.Bundles.Signing;

/// <summary>How a verified document lies to the newest accepted one.</summary>
public enum RollbackVerdict : byte
{
    /// <summary>Refused; the problem says why.</summary>
    Refused,

    /// <summary>Newer: accept it and keep its mark.</summary>
    Newer,

    /// <summary>The very document that is in force: nothing to do.</summary>
    Same,
}
