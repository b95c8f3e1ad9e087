using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.Revocations;

public sealed class SqliteRevocationTests() : RevocationTests(TestStorage.Sqlite);
