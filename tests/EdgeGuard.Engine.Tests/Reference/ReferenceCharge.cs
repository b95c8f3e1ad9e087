namespace EdgeGuard.Engine.Tests.Reference;

/// <summary>What one request took from one counter.</summary>
internal sealed record ReferenceCharge(ReferenceCounter Counter, ReferenceLimit Limit, long Mark);
