namespace EdgeGuard.Engine.Facts;

/// <summary>A JSON object or array that is being read.</summary>
internal struct BodyFrame
{
    /// <summary>Hash of the names that lead to it; array indices do not count.</summary>
    public ulong Path;

    /// <summary>Hash of its <c>name</c>.</summary>
    public ulong CallName;

    /// <summary>Hash of its <c>method</c>.</summary>
    public ulong Method;

    /// <summary>Sum of the hashes of its members' names, if it is the arguments of a call.</summary>
    public ulong Shape;

    /// <summary>Shape of its arguments, if it is a call.</summary>
    public ulong Arguments;

    /// <summary>The member that it is the value of; an array's items are that member too.</summary>
    public BodyName Member;

    public BodyZone Zone;

    public bool IsArray;

    /// <summary>An item of a conversation.</summary>
    public bool IsMessage;

    /// <summary>The arguments of a call.</summary>
    public bool IsArguments;

    /// <summary>Those, or something in them: all of it is text for the model.</summary>
    public bool InArguments;

    /// <summary>Its <c>type</c> says that it is a call.</summary>
    public bool IsCall;
}
