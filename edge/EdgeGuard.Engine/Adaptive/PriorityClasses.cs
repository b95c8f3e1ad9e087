using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Adaptive;

/// <summary>Which class a request is in. Immutable.</summary>
internal sealed class PriorityClasses
{
    private readonly int _slot;
    private readonly byte[][] _names;
    private readonly int _default;

    /// <param name="definition">What the policy says, or null for one class.</param>
    /// <param name="slot">Where the class is read; ignored for one class.</param>
    public PriorityClasses(PriorityDefinition? definition, int slot)
    {
        _slot = definition is null ? -1 : slot;
        _names = new byte[definition?.Classes.Length ?? 1][];
        for (var i = 0; i < _names.Length; i++)
        {
            _names[i] = definition is null ? [] : Encoding.UTF8.GetBytes(definition.Classes[i]);
        }

        _default = definition is null ? 0 : Math.Max(0, definition.Classes.IndexOf(definition.Default));
    }

    /// <summary>Where the class is read, or -1 for one class.</summary>
    public int Slot => _slot;

    /// <summary>How many there are.</summary>
    public int Count => _names.Length;

    /// <summary>The class of a request: 0 is the most important. Whatever is missing, unknown or not verified is in the default class.</summary>
    public int Of(FactSet facts)
    {
        if (_slot < 0 || facts.StateOf(_slot) != FactState.Present)
        {
            return _default;
        }

        var value = facts.ValueOf(_slot);
        for (var i = 0; i < _names.Length; i++)
        {
            if (value.SequenceEqual(_names[i]))
            {
                return i;
            }
        }

        return _default;
    }
}
