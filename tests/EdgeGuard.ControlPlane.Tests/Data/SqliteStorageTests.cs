using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.Data;

public sealed class SqliteStorageTests() : StorageTests(TestStorage.Sqlite);
