using System.Collections.Immutable;
using EdgeGuard.Edge.Doors;

namespace EdgeGuard.Edge.Hosting;

/// <summary>Where the listeners really are. Empty until all of them are bound: a port 0 of the options has no number before.</summary>
internal sealed class BoundAddresses
{
    private volatile IReadOnlyDictionary<string, string> _byDoor = ImmutableDictionary<string, string>.Empty;

    /// <summary>Notes the addresses as bound.</summary>
    public void Set(IEnumerable<(DoorTag Door, string Address)> listening) => _byDoor = listening.ToImmutableDictionary(
        entry => entry.Door.Name, entry => WithoutScheme(entry.Address), StringComparer.Ordinal);

    /// <summary>Address of a door in the form of the options (<c>127.0.0.1:41234</c>, <c>unix:/path</c>), or what the options say while there is none.</summary>
    public string Of(DoorTag door, string wanted) => _byDoor.GetValueOrDefault(door.Name, wanted);

    private static string WithoutScheme(string address)
    {
        var end = address.IndexOf("://", StringComparison.Ordinal);
        return end < 0 ? address : address[(end + "://".Length)..];
    }
}
