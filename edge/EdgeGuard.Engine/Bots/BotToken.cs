namespace EdgeGuard.Engine.Bots;

/// <summary>One text that a User-Agent is looked through for.</summary>
/// <param name="Text">In lower case.</param>
/// <param name="Category">What it stands for; none for a text that only looks like one.</param>
/// <param name="Suffix">Whether it counts at the end of a longer word too, as <c>bot</c> does.</param>
internal readonly record struct BotToken(string Text, BotCategory Category, bool Suffix)
{
    /// <summary>
    /// Which of several wins: names over programs over what merely calls itself a bot, because a named bot often says its library too.
    /// </summary>
    public int Rank => Category switch
    {
        BotCategory.Other => 1,
        BotCategory.HttpLibrary or BotCategory.Automation => 2,
        _ => 3,
    };
}
