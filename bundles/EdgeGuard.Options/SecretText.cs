namespace EdgeGuard.Options;

/// <summary>A secret option. Never printed: <see cref="ToString"/> gives three stars.</summary>
public sealed class SecretText(string value)
{
    /// <summary>The secret; for the one place that uses it.</summary>
    public string Reveal() => value;

    /// <inheritdoc />
    public override string ToString() => "***";
}
