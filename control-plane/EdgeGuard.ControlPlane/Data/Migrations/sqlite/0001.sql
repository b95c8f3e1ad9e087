-- Times are Unix milliseconds (UTC). Columns named *_cipher hold AES-256-GCM, columns named *_hash or *_index never the value itself.
CREATE TABLE lineage (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    lineage TEXT NOT NULL,
    epoch INTEGER NOT NULL CHECK (epoch >= 1)
);

CREATE TABLE organizations (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    region TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    email_cipher TEXT NOT NULL,
    email_index TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX users_by_organization ON users (organization_id);

CREATE TABLE access_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    valid_until INTEGER
);

CREATE TABLE edges (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    key_id TEXT NOT NULL,
    labels_cipher TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER,
    edge_version TEXT NOT NULL,
    bundle_version INTEGER NOT NULL,
    bundle_digest TEXT NOT NULL,
    kill_sequence INTEGER NOT NULL,
    clock_skew_ms INTEGER NOT NULL,
    problems_cipher TEXT NOT NULL
);
CREATE INDEX edges_by_organization ON edges (organization_id);

CREATE TABLE edge_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    edge_id TEXT NOT NULL REFERENCES edges (id),
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    valid_until INTEGER
);
CREATE INDEX edge_tokens_by_edge ON edge_tokens (edge_id);

CREATE TABLE bundle_versions (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    version INTEGER NOT NULL CHECK (version >= 1),
    digest TEXT NOT NULL,
    content_digest TEXT NOT NULL,
    document BLOB NOT NULL,
    author_id TEXT NOT NULL,
    message TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (organization_id, version)
);
CREATE TRIGGER bundle_versions_keep BEFORE UPDATE ON bundle_versions
BEGIN
    SELECT RAISE(ABORT, 'bundle versions are immutable');
END;
CREATE TRIGGER bundle_versions_stay BEFORE DELETE ON bundle_versions
BEGIN
    SELECT RAISE(ABORT, 'bundle versions are immutable');
END;

CREATE TABLE kill_switches (
    row_id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    scope_key TEXT NOT NULL,
    scope_value_cipher TEXT NOT NULL,
    route TEXT,
    reason TEXT NOT NULL,
    status INTEGER NOT NULL,
    expires_at INTEGER,
    author_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    removed_at INTEGER,
    removed_by TEXT,
    removal_reason TEXT
);
-- One switch in force per id; the history keeps every earlier one.
CREATE UNIQUE INDEX kill_switches_in_force ON kill_switches (organization_id, id) WHERE removed_at IS NULL;
CREATE TRIGGER kill_switches_stay BEFORE DELETE ON kill_switches
BEGIN
    SELECT RAISE(ABORT, 'the history of kill switches is kept');
END;

CREATE TABLE directive_sequences (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (organization_id, kind)
);

CREATE TABLE telemetry_batches (
    edge_id TEXT NOT NULL REFERENCES edges (id),
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    received_at INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    PRIMARY KEY (edge_id, epoch, sequence)
);
CREATE INDEX telemetry_batches_by_organization ON telemetry_batches (organization_id, received_at);

CREATE TABLE telemetry_rollups (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    edge_id TEXT NOT NULL REFERENCES edges (id),
    minute INTEGER NOT NULL,
    policy TEXT NOT NULL,
    rule TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    route TEXT NOT NULL,
    shadow INTEGER NOT NULL,
    bundle_version INTEGER NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (organization_id, edge_id, minute, policy, rule, verdict, reason, route, shadow, bundle_version)
);

CREATE TABLE telemetry_latency (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    edge_id TEXT NOT NULL REFERENCES edges (id),
    minute INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (organization_id, edge_id, minute, bucket)
);

CREATE TABLE audit_log (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    source_hash TEXT NOT NULL,
    snapshot_cipher TEXT NOT NULL,
    snapshot_digest TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (organization_id, sequence)
);
CREATE TRIGGER audit_log_keep BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_log_stay BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- INSERT OR REPLACE removes a row without firing the delete triggers above.
CREATE TRIGGER audit_log_once BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE organization_id = NEW.organization_id AND sequence = NEW.sequence)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER bundle_versions_once BEFORE INSERT ON bundle_versions
WHEN EXISTS (SELECT 1 FROM bundle_versions WHERE organization_id = NEW.organization_id AND version = NEW.version)
BEGIN
    SELECT RAISE(ABORT, 'bundle versions are immutable');
END;
CREATE TRIGGER kill_switches_keep BEFORE UPDATE ON kill_switches
WHEN OLD.removed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'the history of kill switches is kept');
END;
