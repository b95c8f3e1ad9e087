namespace EdgeGuard.ControlPlane.Data;

/// <summary>Which database the control plane runs on.</summary>
internal enum DatabaseDialect : byte
{
    Sqlite,
    PostgreSql,
}
