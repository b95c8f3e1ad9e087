namespace EdgeGuard.ControlPlane.Tests.Support;

/// <summary>Which database a test runs on.</summary>
public enum TestStorage
{
    Sqlite,
    PostgreSql,
}
