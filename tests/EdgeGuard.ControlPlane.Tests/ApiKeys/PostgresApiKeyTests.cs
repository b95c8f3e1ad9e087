using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.ApiKeys;

public sealed class PostgresApiKeyTests() : ApiKeyTests(TestStorage.PostgreSql);
