namespace EdgeGuard.Engine.Answers;

/// <summary>What becomes of an upstream's field of the same name.</summary>
public enum AnswerFieldRule : byte
{
    /// <summary>It is replaced.</summary>
    Replaces,

    /// <summary>It stays, and ours is left out.</summary>
    Yields,

    /// <summary>Both are sent: the field is a list.</summary>
    Adds,
}
