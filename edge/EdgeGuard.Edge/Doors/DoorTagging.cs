using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGuard.Edge.Doors;

/// <summary>Tags the connections of a listener with their door.</summary>
internal static class DoorTagging
{
    /// <summary>Gives every connection of this listener a tag.</summary>
    public static void UseDoor(this ListenOptions listen, DoorTag door) => listen.Use(next => connection =>
    {
        connection.Features.Set(door);
        return next(connection);
    });

    /// <summary>The door that a request came in by.</summary>
    public static DoorTag? Door(this HttpContext context) => context.Features.Get<DoorTag>();
}
