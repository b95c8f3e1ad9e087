using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.Leases;

public sealed class PostgresLeaseStorageTests() : LeaseStorageTests(TestStorage.PostgreSql);
