namespace EdgeGuard.Contracts;

/// <summary>What became of one directive.</summary>
/// <param name="Kind">Event name (<see cref="StreamEvents"/>).</param>
/// <param name="Epoch">Epoch of the document; 0 for a bundle that could not be read.</param>
/// <param name="Sequence">Sequence of the document, or bundle version.</param>
/// <param name="Status"><c>applied</c> or <c>refused</c>.</param>
/// <param name="Problems">Why it was refused, formatted; at most 20.</param>
public sealed record Ack(string Kind, long Epoch, long Sequence, string Status, IReadOnlyList<string> Problems)
{
    public const string Applied = "applied";
    public const string Refused = "refused";
}
