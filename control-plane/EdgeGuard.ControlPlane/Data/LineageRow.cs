namespace EdgeGuard.ControlPlane.Data;

/// <summary>Identity and incarnation of this database; one row.</summary>
internal sealed class LineageRow
{
    public int Id { get; set; }

    public string Lineage { get; set; } = string.Empty;

    public long Epoch { get; set; }
}
