using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Bots;

namespace EdgeGuard.Engine.Facts;

/// <summary>Facts <c>ua:bot</c> and <c>ua:bot_category</c>; shared by all doors. Without a User-Agent both are missing.</summary>
public static class UserAgentFacts
{
    /// <summary>Fills them.</summary>
    public static void Fill(ReadOnlySpan<char> userAgent, FactPlan plan, FactSet facts)
    {
        if (!userAgent.IsEmpty)
        {
            Set(UserAgentClassifier.Classify(userAgent), plan, facts);
        }
    }

    /// <summary>As <see cref="Fill(ReadOnlySpan{char}, FactPlan, FactSet)"/>, from bytes.</summary>
    public static void Fill(ReadOnlySpan<byte> userAgent, FactPlan plan, FactSet facts)
    {
        if (!userAgent.IsEmpty)
        {
            Set(UserAgentClassifier.Classify(userAgent), plan, facts);
        }
    }

    private static void Set(BotCategory category, FactPlan plan, FactSet facts)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(facts);
        foreach (var slot in plan.SlotsOf(DescriptorKind.UaBot))
        {
            facts.Set(slot.Slot, category == BotCategory.None ? "false"u8 : "true"u8);
        }

        foreach (var slot in plan.SlotsOf(DescriptorKind.UaBotCategory))
        {
            facts.Set(slot.Slot, BotCategories.Utf8NameOf(category));
        }
    }
}
