using System.Text;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Addresses;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Edge.DataFiles;

/// <summary>
/// Fills what is known of the client's address. A file that knows the address goes before a header: a proxy that is trusted for addresses may pass
/// on a header that a client wrote.
/// </summary>
internal sealed class NetworkFacts(DataFileSet files, FactSources sources)
{
    /// <summary>Fills the facts that a plan reads.</summary>
    /// <param name="head">Head of the request that asks.</param>
    /// <param name="trusted">Whether its peer is a trusted proxy.</param>
    /// <param name="client">The client's address, or null when there is none that can be believed.</param>
    /// <param name="plan">What is asked for.</param>
    /// <param name="facts">Where it goes.</param>
    public void Fill<THead>(in THead head, bool trusted, IpValue? client, FactPlan plan, FactSet facts)
        where THead : IRequestHead
    {
        foreach (var kind in FactNames.All)
        {
            var slots = plan.SlotsOf(FactNames.DescriptorOf(kind));
            if (slots.IsEmpty)
            {
                continue;
            }

            bool doubtful;
            var value = kind switch
            {
                AddressListKind.Type => TypeOf(head, trusted, client, out doubtful),
                AddressListKind.Tor => TorOf(head, trusted, client, out doubtful),
                _ => ValueOf(kind, head, trusted, client, out doubtful),
            };
            Set(kind, value, doubtful, slots.AsSpan(), facts);
            if (value == AddressValue.None && files.Of(kind) is { List: null })
            {
                facts.MarkUnavailable(FactNames.DescriptorOf(kind));
            }
        }
    }

    private static void Set(AddressListKind kind, uint value, bool doubtful, ReadOnlySpan<FactSlot> slots, FactSet facts)
    {
        Span<byte> text = stackalloc byte[AddressValue.MaxBytes];
        var length = AddressValue.Write(kind, value, text);
        foreach (var slot in slots)
        {
            if (length > 0)
            {
                facts.Set(slot.Slot, text[..length]);
            }
            else if (doubtful)
            {
                facts.SetUnverifiable(slot.Slot);
            }
        }
    }

    private uint ValueOf<THead>(AddressListKind kind, in THead head, bool trusted, IpValue? client, out bool doubtful)
        where THead : IRequestHead
    {
        doubtful = false;
        var value = InFile(kind, client);
        return value != AddressValue.None ? value : InHeader(kind, head, trusted, out doubtful);
    }

    // By network, then by the autonomous system, then by the header. Where anything could have told and did not, the kind is unknown.
    private uint TypeOf<THead>(in THead head, bool trusted, IpValue? client, out bool doubtful)
        where THead : IRequestHead
    {
        doubtful = false;
        var list = files.Of(AddressListKind.Type)?.List;
        var value = InFile(AddressListKind.Type, client);
        if (value == AddressValue.None && list is { HasSystems: true })
        {
            value = list.FindSystem(ValueOf(AddressListKind.Asn, head, trusted, client, out doubtful));
        }

        if (value == AddressValue.None && !doubtful)
        {
            value = InHeader(AddressListKind.Type, head, trusted, out doubtful);
        }

        return value == AddressValue.None && list is not null && !doubtful ? AddressValue.UnknownType : value;
    }

    // Either may say that it is an exit. That it is none is said by a list that does not have the address, or by the header.
    private uint TorOf<THead>(in THead head, bool trusted, IpValue? client, out bool doubtful)
        where THead : IRequestHead
    {
        doubtful = false;
        var list = files.Of(AddressListKind.Tor)?.List;
        var value = InFile(AddressListKind.Tor, client);
        if (value != AddressValue.None)
        {
            return value;
        }

        value = InHeader(AddressListKind.Tor, head, trusted, out doubtful);
        return value == AddressValue.None && !doubtful && list is not null && client is not null ? AddressValue.No : value;
    }

    private uint InFile(AddressListKind kind, IpValue? client) =>
        client is { } address && files.Of(kind)?.List is { } list ? list.Find(address) : AddressValue.None;

    // Two values mean that a proxy added its own to what the client wrote, and there is no telling which is which.
    private uint InHeader<THead>(AddressListKind kind, in THead head, bool trusted, out bool doubtful)
        where THead : IRequestHead
    {
        doubtful = false;
        var name = sources.HeaderOf(kind);
        if (!trusted || name.Length == 0 || head.CountOf(name) is not (> 0 and var count))
        {
            return AddressValue.None;
        }

        doubtful = count > 1;
        Span<byte> text = stackalloc byte[AddressValue.MaxBytes + 1];
        return !doubtful
            && head.LineOf(name, 0).Trim() is { Length: <= AddressValue.MaxBytes } written
            && Ascii.FromUtf16(written, text, out var length) == System.Buffers.OperationStatus.Done
            && AddressValue.TryParse(kind, text[..length], out var value)
            ? value
            : AddressValue.None;
    }
}
