namespace EdgeGuard.ControlPlane.ApiKeys;

/// <summary>One key more would make the set longer than edges read; the transaction is not committed.</summary>
internal sealed class SetFullException : Exception
{
    public SetFullException()
        : base("The set of API keys is full.")
    {
    }

    public SetFullException(string message)
        : base(message)
    {
    }

    public SetFullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
