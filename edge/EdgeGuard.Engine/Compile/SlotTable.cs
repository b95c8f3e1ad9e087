using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Compile;

/// <summary>Numbers the facts that a bundle reads, in order of first use.</summary>
internal sealed class SlotTable
{
    private readonly ImmutableArray<DescriptorKey>.Builder _keys = ImmutableArray.CreateBuilder<DescriptorKey>();

    public Dictionary<DescriptorKey, int> Numbers { get; } = [];

    public ImmutableArray<DescriptorKey> Keys => _keys.ToImmutable();

    public DescriptorKey KeyOf(int slot) => _keys[slot];

    public int Of(DescriptorKey key)
    {
        if (!Numbers.TryGetValue(key, out var slot))
        {
            slot = _keys.Count;
            _keys.Add(key);
            Numbers.Add(key, slot);
        }

        return slot;
    }

    public int Of(DescriptorKey? key) => key is { } known ? Of(known) : -1;

    public int[] Of(ImmutableArray<DescriptorKey> keys)
    {
        var slots = new int[keys.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = Of(keys[i]);
        }

        return slots;
    }
}
