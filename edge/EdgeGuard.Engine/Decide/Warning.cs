namespace EdgeGuard.Engine.Decide;

/// <summary>Why an admitted request is marked or delayed. Names on the wire are in <see cref="Warnings"/>. Never renumber.</summary>
public enum Warning : byte
{
    None = 0,
    BudgetWarn = 1,
    BudgetThrottle = 2,
    LoopWarn = 3,
    LoopThrottle = 4,
}
