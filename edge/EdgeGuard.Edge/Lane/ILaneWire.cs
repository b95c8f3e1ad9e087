namespace EdgeGuard.Edge.Lane;

/// <summary>What a connection of the lane reads from and writes to, without ever waiting.</summary>
internal interface ILaneWire
{
    /// <summary>Nothing is there, or nothing is taken, for now.</summary>
    const int Blocked = -1;

    /// <summary>The other end is gone.</summary>
    const int Gone = -2;

    /// <summary>Reads what is there: how many bytes, 0 at the end of all input, <see cref="Blocked"/> or <see cref="Gone"/>.</summary>
    int Receive(Span<byte> room);

    /// <summary>Writes as much as is taken: how many bytes, <see cref="Blocked"/> or <see cref="Gone"/>.</summary>
    int Send(ReadOnlySpan<byte> bytes);
}
