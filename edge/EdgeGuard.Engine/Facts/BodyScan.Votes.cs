namespace EdgeGuard.Engine.Facts;

/// <content>Likeness: what each value adds to the signature of the body.</content>
internal ref partial struct BodyScan
{
    private void VoteText(ReadOnlySpan<byte> raw, BodyName name, BodyZone zone, in BodyFrame frame)
    {
        var path = PathOf(in frame);
        if (IsVolatile(name, zone) || VolatileText.IsTime(raw))
        {
            Add(zone, frame.InArguments, TextHash.Mix(path, VolatileToken));
            return;
        }

        if (name == BodyName.Id && _depth == 1)
        {
            _rootId = TextHash.Mix(path, TextHash.Of(raw));
            return;
        }

        // Each word and each pair of neighbours: what is the same in both and only stands elsewhere is less alike, but not unlike.
        var before = StructureToken;
        while (Words.TryNext(ref raw, out var word))
        {
            var hash = VolatileText.IsTime(word) ? VolatileToken : TextHash.Of(word);
            Add(zone, frame.InArguments, TextHash.Mix(path, hash));
            Add(zone, frame.InArguments, TextHash.Mix(TextHash.Mix(path, before), hash));
            before = hash;
        }

        if (before == StructureToken)
        {
            Add(zone, frame.InArguments, TextHash.Mix(path, StructureToken));
        }
    }

    // A value that is no text.
    private void Vote(ulong value)
    {
        if (!_votes)
        {
            return;
        }

        ref readonly var frame = ref _frames[_depth];
        var name = frame.IsArray ? frame.Member : _name;
        var token = TextHash.Mix(PathOf(in frame), IsVolatile(name, frame.Zone) ? VolatileToken : value);
        if (name == BodyName.Id && _depth == 1)
        {
            _rootId = token;
            return;
        }

        Add(frame.Zone, frame.InArguments, token);
    }

    private void Add(BodyZone zone, bool inArguments, ulong token)
    {
        if (zone == BodyZone.Conversation)
        {
            _sawItem = true;
            _message.Add(token);
            return;
        }

        _whole.Add(token);
        if (inArguments && !_sawItem)
        {
            _message.Add(token);
        }
    }

    private readonly ulong PathOf(in BodyFrame frame) => frame.IsArray ? frame.Path : TextHash.Mix(frame.Path, _nameHash);

    private static bool IsVolatile(BodyName name, BodyZone zone) =>
        name is BodyName.Volatile or BodyName.ToolResult || (name == BodyName.Id && zone == BodyZone.Conversation);
}
