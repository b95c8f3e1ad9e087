namespace EdgeGuard.Edge.Takeover;

/// <summary>A listener that is passed on.</summary>
/// <param name="Name">Name of its door, or <see cref="TakeoverOffer.Admin"/>.</param>
/// <param name="Address">As the options of the process that passes it on name it.</param>
internal sealed record OfferedListener(string Name, string Address);
