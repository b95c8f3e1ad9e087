namespace EdgeGuard.Bundles.Model;

/// <summary>A descriptor such as <c>header:x-api-key</c>.</summary>
/// <param name="Kind">Where the value comes from.</param>
/// <param name="Name">Header (lower case), parameter or claim; empty for <see cref="DescriptorKind.IpAddress"/>.</param>
public readonly record struct DescriptorKey(DescriptorKind Kind, string Name)
{
    /// <summary>As written in a bundle.</summary>
    public override string ToString() => Kind switch
    {
        DescriptorKind.Header => "header:" + Name,
        DescriptorKind.Query => "query:" + Name,
        DescriptorKind.Claim => "jwt:" + Name,
        _ => "ip:address",
    };
}
