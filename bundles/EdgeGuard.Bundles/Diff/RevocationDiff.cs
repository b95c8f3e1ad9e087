using System.Globalization;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Revocations, by number: their values are people's. More of them refuse more.</summary>
internal static class RevocationDiff
{
    public static void Compare(ChangeList changes, RevocationsDefinition before, RevocationsDefinition after)
    {
        var was = before.TokensValidAfter.ToHashSet();
        var now = after.TokensValidAfter.ToHashSet();
        Compare(changes, "revocations.tokens_valid_after", was.Count, now.Count, now.Except(was).Any(), was.Except(now).Any());
        var tokensBefore = before.TokenIds.ToHashSet(StringComparer.Ordinal);
        var tokensAfter = after.TokenIds.ToHashSet(StringComparer.Ordinal);
        Compare(
            changes, "revocations.token_ids", tokensBefore.Count, tokensAfter.Count, tokensAfter.Except(tokensBefore).Any(), tokensBefore.Except(tokensAfter).Any());
    }

    private static void Compare(ChangeList changes, string path, int before, int after, bool added, bool removed)
    {
        if (added || removed)
        {
            changes.Value(
                path,
                Show(before, removed ? "before" : string.Empty),
                Show(after, added ? "with new ones" : string.Empty),
                added && !removed ? Effects.Tightens : removed && !added ? Effects.Loosens : string.Empty);
        }
    }

    private static string Show(int count, string what)
    {
        var number = count.ToString(CultureInfo.InvariantCulture);
        return what.Length == 0 ? number : number + " " + what;
    }
}
