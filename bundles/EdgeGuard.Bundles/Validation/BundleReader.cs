using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>From text to a valid <see cref="PolicyDocument"/> or to every reason why not.</summary>
public static class BundleReader
{
    /// <summary>Reads YAML or JSON and validates.</summary>
    public static BundleReadResult Read(ReadOnlyMemory<byte> text, string fileName, ValidationContext context) =>
        throw new NotImplementedException();

    /// <summary>Validates and binds a document already read.</summary>
    public static BundleReadResult Bind(Node root, ValidationContext context) => throw new NotImplementedException();

    /// <summary>Reads a whole set of pushed or local kill switches: JSON <c>{"kill_switches": [...]}</c>, entries as in a bundle.</summary>
    public static (ImmutableArray<KillSwitchDefinition> Switches, ImmutableArray<Diagnostic> Diagnostics) ReadKillSwitches(
        ReadOnlyMemory<byte> json, string fileName) => throw new NotImplementedException();

    /// <summary>Writes a set of kill switches as canonical JSON that <see cref="ReadKillSwitches"/> reads.</summary>
    public static byte[] WriteKillSwitches(IEnumerable<KillSwitchDefinition> switches) => throw new NotImplementedException();
}
