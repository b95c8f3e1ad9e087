using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.Data;

public sealed class PostgresStorageTests() : StorageTests(TestStorage.PostgreSql);
