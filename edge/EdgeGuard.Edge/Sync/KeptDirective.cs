using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;

namespace EdgeGuard.Edge.Sync;

/// <summary>A directive that is in force and is to be kept before it is acknowledged.</summary>
/// <param name="File">Name in the state directory.</param>
/// <param name="Type">Type of document.</param>
/// <param name="Document">The document as received.</param>
/// <param name="Mark">Its mark.</param>
/// <param name="Ack">Sent once it is kept.</param>
internal sealed record KeptDirective(string File, DocumentType Type, byte[] Document, HighWaterMark Mark, Ack Ack);
