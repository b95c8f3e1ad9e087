using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.Orgs;

public sealed class SqliteApiTests() : ApiTests(TestStorage.Sqlite);
