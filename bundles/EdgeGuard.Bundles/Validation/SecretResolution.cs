namespace EdgeGuard.Bundles.Validation;

/// <summary>What resolving a reference gave. Never printed: <see cref="ToString"/> tells only whether it worked.</summary>
public sealed class SecretResolution
{
    private readonly string? _value;

    private SecretResolution(string? value, string problem)
    {
        _value = value;
        Problem = problem;
    }

    /// <summary>Whether there is a value.</summary>
    public bool Succeeded => _value is not null;

    /// <summary>Why there is none, without any value; empty when there is one.</summary>
    public string Problem { get; }

    /// <summary>The resolved text, for the one place that uses it.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public string Reveal() => _value ?? throw new InvalidOperationException(Problem);

    /// <inheritdoc />
    public override string ToString() => Succeeded ? "***" : Problem;

    internal static SecretResolution Of(string value) => new(value, string.Empty);

    internal static SecretResolution Failed(string problem) => new(null, problem);
}
