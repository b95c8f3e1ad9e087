using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Engine.KillSwitches;

/// <summary>
/// Gives the facts of a snapshot their slots: those of the bundle keep their numbers, so that it need not be compiled again for another set
/// of kill switches; what only kill switches read comes after them.
/// </summary>
internal sealed class SlotAllocator
{
    private readonly CompiledPolicy? _policy;
    private readonly ImmutableArray<DescriptorKey>.Builder _slots;
    private readonly Dictionary<DescriptorKey, int> _added = [];

    public SlotAllocator(CompiledPolicy? policy)
    {
        _policy = policy;
        _slots = policy?.Slots.ToBuilder() ?? ImmutableArray.CreateBuilder<DescriptorKey>();
    }

    /// <summary>All facts so far; the index is the slot.</summary>
    public ImmutableArray<DescriptorKey> Slots => _slots.ToImmutable();

    public int SlotOf(DescriptorKey key)
    {
        if (_policy is not null && _policy.SlotNumbers.TryGetValue(key, out var slot))
        {
            return slot;
        }

        if (!_added.TryGetValue(key, out slot))
        {
            slot = _slots.Count;
            _slots.Add(key);
            _added.Add(key, slot);
        }

        return slot;
    }
}
