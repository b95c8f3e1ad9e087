namespace EdgeGuard.Fuzz.Running;

/// <summary>Something that reads what strangers write. Register it in <see cref="TargetRegistry"/>.</summary>
internal interface IFuzzTarget
{
    /// <summary>Lower case with dashes; what it is called by on the command line.</summary>
    string Name { get; }

    /// <summary>Well-formed inputs, which are changed at random; at least one, each at most <see cref="Mutator.MaxBytes"/> long.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Words of the input's language, which chance alone would take long to write.</summary>
    IReadOnlyList<string> Words { get; }

    /// <summary>
    /// Reads one input. Any exception is a failure, and a promise that does not hold is told by <see cref="FuzzFailure"/>. Depends on the input alone,
    /// so that a seed repeats a failure.
    /// </summary>
    /// <param name="input">Anything.</param>
    /// <returns>What became of it, roughly: an input with a new outcome is kept and changed further. Few (below some thousand) values.</returns>
    int Run(ReadOnlySpan<byte> input);
}
