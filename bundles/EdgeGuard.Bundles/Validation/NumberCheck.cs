using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>One number against its shape.</summary>
internal static class NumberCheck
{
    /// <summary>Reports what is wrong with a number; true when nothing is.</summary>
    /// <param name="node">The number.</param>
    /// <param name="shape">What is possible.</param>
    /// <param name="path">Makes its path, when a finding needs it.</param>
    /// <param name="findings">Where to report.</param>
    public static bool Check(Node node, NumberShape shape, Func<string> path, Findings findings)
    {
        if (IsValid(node, shape))
        {
            return true;
        }

        if (!IsKind(node, shape))
        {
            var expected = shape.Whole ? "a whole number" : "a number";
            var isPlain = node.Kind is not (NodeKind.List or NodeKind.Map or NodeKind.Null);
            findings.Error(
                StructureCodes.WrongType,
                node.Location,
                path(),
                $"{Quote.Kind(node.Kind)} where {expected} belongs{(isPlain ? $" ({Quote.Value(node)})" : string.Empty)}",
                node.Kind == NodeKind.Null ? $"write {expected}, or leave the field out" : $"write {expected}");
            return false;
        }

        if (IsBelow(node, shape) || node.Number > shape.Max)
        {
            findings.Error(
                StructureCodes.OutOfRange, node.Location, path(), $"{Quote.Shorten(node.Text)} is out of range", $"write a number from the range {shape.Range}");
            return false;
        }

        findings.Error(
            StructureCodes.NotAllowed,
            node.Location,
            path(),
            $"{Quote.Shorten(node.Text)} is not one of the possible values",
            $"write one of {string.Join(", ", shape.Allowed)}");
        return false;
    }

    /// <summary>Whether nothing is wrong with a number. Cheap: called for every number of a document.</summary>
    public static bool IsValid(Node node, NumberShape shape) =>
        IsKind(node, shape) && !IsBelow(node, shape) && node.Number <= shape.Max && (shape.Allowed.IsEmpty || shape.Allowed.Contains((long)node.Number));

    /// <summary>Whether a number would be right if it were not so large.</summary>
    public static bool IsOnlyTooLarge(Node node, NumberShape shape) => IsKind(node, shape) && !IsBelow(node, shape) && node.Number > shape.Max;

    private static bool IsKind(Node node, NumberShape shape)
    {
        var whole = node.Kind == NodeKind.Integer || (node.Kind == NodeKind.Number && Math.Floor(node.Number) == node.Number);
        return node.Kind is NodeKind.Integer or NodeKind.Number && (!shape.Whole || whole);
    }

    private static bool IsBelow(Node node, NumberShape shape) => shape.AboveMin ? node.Number <= shape.Min : node.Number < shape.Min;
}
