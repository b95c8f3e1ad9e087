using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Facts;

/// <summary>Facts of the request line: <c>method</c>, <c>host</c> and <c>path:n</c>; shared by all doors.</summary>
public static class RequestLineFacts
{
    /// <summary>Fills them.</summary>
    /// <param name="plan">What is asked for.</param>
    /// <param name="method">Method as received.</param>
    /// <param name="host">Normalized host; empty for none.</param>
    /// <param name="path">Canonical path.</param>
    /// <param name="facts">Begun with the plan.</param>
    public static void Fill(FactPlan plan, ReadOnlySpan<byte> method, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, FactSet facts)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(facts);
        foreach (var slot in plan.SlotsOf(DescriptorKind.Method))
        {
            facts.Set(slot.Slot, method);
        }

        foreach (var slot in plan.SlotsOf(DescriptorKind.Host))
        {
            facts.Set(slot.Slot, host);
        }

        if (plan.Needs(DescriptorKind.PathSegment))
        {
            FillSegments(plan, path, facts);
        }
    }

    // Empty segments do not count, as in the prefix of a selector: "//a///b" has two segments for both, so that slashes cannot shift a limit.
    private static void FillSegments(FactPlan plan, ReadOnlySpan<byte> path, FactSet facts)
    {
        var number = 0;
        while (!path.IsEmpty)
        {
            var slash = path.IndexOf((byte)'/');
            var segment = slash < 0 ? path : path[..slash];
            path = slash < 0 ? default : path[(slash + 1)..];
            if (segment.IsEmpty)
            {
                continue;
            }

            number++;
            foreach (var slot in plan.SlotsOf(DescriptorKind.PathSegment))
            {
                if (slot.Number == number)
                {
                    facts.Set(slot.Slot, segment);
                }
            }
        }
    }
}
