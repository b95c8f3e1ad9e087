namespace EdgeGuard.ControlPlane.Data;

/// <summary>Kinds of directive that are numbered, each from 1 and by itself.</summary>
internal static class SequenceKinds
{
    public const string KillSwitches = "kill_switches";
    public const string Revocations = "revocations";
    public const string ApiKeys = "api_keys";
    public const string Bundles = "bundles";
}
