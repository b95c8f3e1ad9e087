using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Conformance.Tests.Scenarios;

/// <summary>A request that may be what no well-behaved client sends.</summary>
/// <param name="Plain">What bundle tests can say of it; claims are in <see cref="Claims"/>.</param>
/// <param name="Claims">Claims of any JSON type, or null for no token.</param>
/// <param name="Token">What is wrong with the token: <c>forged</c>, <c>expired</c>, <c>unsigned</c>, <c>not_an_object</c>, or the text of another one; null for nothing.</param>
/// <param name="Omit">Headers of the gateway that are left out at the decision door.</param>
internal sealed record ScenarioRequest(PolicyTestRequest Plain, JsonObject? Claims, string? Token, IReadOnlyList<string> Omit);
