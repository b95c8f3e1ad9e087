namespace EdgeGuard.Engine.Bots;

/// <summary>
/// Finds every token in one pass over a text (Aho and Corasick, "Efficient string matching", CACM 18, 1975), as a complete automaton: one table
/// look-up a character, whatever the tokens are. ASCII letters are matched without case. Immutable.
/// </summary>
internal sealed class TokenAutomaton
{
    private const int Ascii = 128;

    private readonly byte[] _classes = new byte[Ascii];
    private readonly ushort[] _next;
    private readonly ushort[] _found;
    private readonly ushort[] _foundBefore;
    private readonly int _width;

    /// <summary>Builds the automaton; tokens are ASCII in lower case, each there once.</summary>
    public TokenAutomaton(ReadOnlySpan<BotToken> tokens)
    {
        _width = 1 + Classify(tokens);
        var most = 1;
        foreach (var token in tokens)
        {
            most += token.Text.Length;
        }

        _next = new ushort[most * _width];
        _found = new ushort[most];
        _foundBefore = new ushort[most];
        var states = AddTokens(tokens);
        if (states > ushort.MaxValue)
        {
            throw new ArgumentException("The tokens need more than 65 535 states.", nameof(tokens));
        }

        Complete(states);
    }

    /// <summary>Where a text begins.</summary>
    public static int Start => 0;

    /// <summary>The state after one more character; what is not ASCII is in no token.</summary>
    public int Step(int state, uint character) => _next[(state * _width) + (character < Ascii ? _classes[character] : 0)];

    /// <summary>The longest token that ends here, or -1.</summary>
    public int LongestAt(int state) => _found[state] - 1;

    /// <summary>State of the next shorter token that ends at the same place, or 0 when there is none.</summary>
    public int ShorterThan(int state) => _foundBefore[state];

    private int Classify(ReadOnlySpan<BotToken> tokens)
    {
        var classes = 0;
        foreach (var token in tokens)
        {
            foreach (var c in token.Text)
            {
                if (_classes[c] == 0)
                {
                    _classes[c] = (byte)++classes;
                }
            }
        }

        for (var letter = 'a'; letter <= 'z'; letter++)
        {
            _classes[letter - 'a' + 'A'] = _classes[letter];
        }

        return classes;
    }

    private int AddTokens(ReadOnlySpan<BotToken> tokens)
    {
        var states = 1;
        for (var i = 0; i < tokens.Length; i++)
        {
            var state = 0;
            foreach (var c in tokens[i].Text)
            {
                ref var next = ref _next[(state * _width) + _classes[c]];
                if (next == 0)
                {
                    next = (ushort)states++;
                }

                state = next;
            }

            _found[state] = (ushort)(i + 1);
        }

        return states;
    }

    // Breadth first: what a state lacks is what the longest proper suffix that is a state too does. States at a depth come after those above, so the
    // suffix of a state is complete when it is needed.
    private void Complete(int states)
    {
        var suffix = new ushort[states];
        var queue = new Queue<int>(states);
        queue.Enqueue(0);
        while (queue.Count > 0)
        {
            var state = queue.Dequeue();
            for (var c = 0; c < _width; c++)
            {
                ref var next = ref _next[(state * _width) + c];
                var instead = state == 0 ? (ushort)0 : _next[(suffix[state] * _width) + c];
                if (next == 0)
                {
                    next = instead;
                    continue;
                }

                suffix[next] = instead;
                _foundBefore[next] = _found[instead] != 0 ? instead : _foundBefore[instead];
                if (_found[next] == 0 && _foundBefore[next] != 0)
                {
                    // No token of its own ends here, but a shorter one does: the scan then needs one look only.
                    _found[next] = _found[_foundBefore[next]];
                    _foundBefore[next] = _foundBefore[_foundBefore[next]];
                }

                queue.Enqueue(next);
            }
        }
    }
}
