using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Engine.Testing;

/// <summary>Runs the tests of a bundle against it, each on its own empty counters and in virtual time.</summary>
public static class PolicyTestRunner
{
    /// <summary>Runs all tests.</summary>
    public static ImmutableArray<PolicyTestOutcome> Run(ImmutableArray<PolicyTest> tests, CompiledPolicy policy) =>
        throw new NotImplementedException();
}
