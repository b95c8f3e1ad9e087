namespace EdgeGuard.Engine.Facts;

/// <summary>What is known of a request as the delivery of a webhook.</summary>
public enum DeliveryState : byte
{
    /// <summary>Bears no signature.</summary>
    None = 0,

    /// <summary>Signed, in time, and the first of its kind.</summary>
    Verified = 1,

    /// <summary>Bears a signature that was refused, or that could not be checked.</summary>
    Invalid = 2,

    /// <summary>Its body is longer than is verified.</summary>
    TooLarge = 3,

    /// <summary>Was let through before.</summary>
    Replayed = 4,

    /// <summary>Valid, and there is no room to remember it by.</summary>
    NoRoom = 5,
}
