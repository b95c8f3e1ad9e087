using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Matching;

/// <summary>Reads the query parameters that a plan asks for into a fact set; shared by all doors.</summary>
public static class QueryReader
{
    /// <summary>Fills the query slots. At most 256 parameters are looked at; a parameter with a bad escape is unverifiable.</summary>
    public static void Fill(ReadOnlySpan<byte> query, FactPlan plan, FactSet facts) => throw new NotImplementedException();
}
