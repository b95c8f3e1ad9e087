using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.Orgs;

public sealed class PostgresApiTests() : ApiTests(TestStorage.PostgreSql);
