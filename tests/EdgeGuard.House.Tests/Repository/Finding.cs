namespace EdgeGuard.House.Tests.Repository;

/// <summary>One broken convention.</summary>
internal sealed record Finding(string File, int Line, string Message)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line} {Message}" : $"{File} {Message}";
}
