namespace EdgeGuard.Identity.Structured;

/// <summary>A member of a dictionary or list: one item, or an inner list of items.</summary>
/// <param name="Item">The item; null for an inner list.</param>
/// <param name="Inner">The inner list; null for an item.</param>
/// <param name="Parameters">Parameters of the member as a whole.</param>
internal sealed record FieldMember(FieldItem? Item, IReadOnlyList<FieldItem>? Inner, FieldParameters Parameters)
{
    public static FieldMember Of(FieldItem item) => new(item, null, item.Parameters);
}
