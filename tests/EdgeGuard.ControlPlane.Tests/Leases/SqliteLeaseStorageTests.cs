using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.Leases;

public sealed class SqliteLeaseStorageTests() : LeaseStorageTests(TestStorage.Sqlite);
