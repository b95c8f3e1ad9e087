using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Conformance.Tests.Cases;

/// <summary>Cases that some door cannot express, from <c>doors.yaml</c>: by file, or by file and name, with the reason.</summary>
internal static class DoorExceptions
{
    private static readonly List<DoorException> All = Read("exceptions");
    private static readonly List<DoorException> Gateways = Read("gateways");

    /// <summary>All entries.</summary>
    public static IReadOnlyList<DoorException> Entries { get; } = [.. All, .. Gateways];

    /// <summary>Whether a case runs through a door.</summary>
    public static bool Applies(string file, string name, Door door)
    {
        if (Gateways.Exists(exception => exception.File == file && (exception.Case is null || exception.Case == name) && exception.Doors.Contains(door)))
        {
            return false;
        }

        foreach (var exception in All)
        {
            if (exception.File == file && (exception.Case is null || exception.Case == name))
            {
                return exception.Doors.Contains(door.Kind());
            }
        }

        return true;
    }

    /// <summary>Doors as they are written.</summary>
    public static Door[] ReadDoors(Node list) => [.. list.Items.Select(item => Enum.Parse<Door>(item.Text, ignoreCase: true))];

    private static List<DoorException> Read(string list)
    {
        var read = NodeReader.Read(Suite.Read("doors.yaml"), "doors.yaml", ReadLimits.Bundle);
        Assert.Empty(read.Diagnostics);
        return [.. read.Root![list]!.Items.Select(item => new DoorException(
            item["file"]!.Text, item["case"]?.Text, ReadDoors(item["doors"]!), item["why"]!.Text))];
    }
}
