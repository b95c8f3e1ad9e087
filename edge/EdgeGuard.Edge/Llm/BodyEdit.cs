namespace EdgeGuard.Edge.Llm;

/// <summary>A change of a body.</summary>
/// <param name="Position">Where.</param>
/// <param name="Removed">Bytes that go.</param>
/// <param name="Inserted">Bytes that come in their place.</param>
internal readonly record struct BodyEdit(int Position, int Removed, byte[] Inserted);
