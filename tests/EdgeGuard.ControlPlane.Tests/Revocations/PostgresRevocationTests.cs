using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.Revocations;

public sealed class PostgresRevocationTests() : RevocationTests(TestStorage.PostgreSql);
