-- Times are Unix milliseconds (UTC). Columns named *_cipher hold AES-256-GCM, columns named *_hash or *_index never the value itself.
CREATE TABLE lineage (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    lineage text NOT NULL,
    epoch bigint NOT NULL CHECK (epoch >= 1)
);

CREATE TABLE organizations (
    id text NOT NULL PRIMARY KEY,
    name text NOT NULL UNIQUE,
    region text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE users (
    id text NOT NULL PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations (id),
    email_cipher text NOT NULL,
    email_index text NOT NULL UNIQUE,
    role text NOT NULL,
    created_at bigint NOT NULL
);
CREATE INDEX users_by_organization ON users (organization_id);

CREATE TABLE access_tokens (
    id text NOT NULL PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations (id),
    user_id text NOT NULL REFERENCES users (id),
    token_hash bytea NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    valid_until bigint
);

CREATE TABLE edges (
    id text NOT NULL PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations (id),
    key_id text NOT NULL,
    labels_cipher text NOT NULL,
    created_at bigint NOT NULL,
    last_seen_at bigint,
    edge_version text NOT NULL,
    bundle_version bigint NOT NULL,
    bundle_digest text NOT NULL,
    kill_sequence bigint NOT NULL,
    clock_skew_ms bigint NOT NULL,
    problems_cipher text NOT NULL
);
CREATE INDEX edges_by_organization ON edges (organization_id);

CREATE TABLE edge_tokens (
    id text NOT NULL PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations (id),
    edge_id text NOT NULL REFERENCES edges (id),
    token_hash bytea NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    valid_until bigint
);
CREATE INDEX edge_tokens_by_edge ON edge_tokens (edge_id);

CREATE TABLE bundle_versions (
    organization_id text NOT NULL REFERENCES organizations (id),
    version bigint NOT NULL CHECK (version >= 1),
    digest text NOT NULL,
    content_digest text NOT NULL,
    document bytea NOT NULL,
    author_id text NOT NULL,
    message text NOT NULL,
    published_at bigint NOT NULL,
    expires_at bigint,
    PRIMARY KEY (organization_id, version)
);
CREATE FUNCTION refuse_change_of_bundle_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'bundle versions are immutable';
END;
$$;
CREATE TRIGGER bundle_versions_keep BEFORE UPDATE ON bundle_versions FOR EACH ROW EXECUTE FUNCTION refuse_change_of_bundle_versions();
CREATE TRIGGER bundle_versions_stay BEFORE DELETE ON bundle_versions FOR EACH ROW EXECUTE FUNCTION refuse_change_of_bundle_versions();

CREATE TABLE kill_switches (
    row_id text NOT NULL PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations (id),
    id text NOT NULL,
    scope_key text NOT NULL,
    scope_value_cipher text NOT NULL,
    route text,
    reason text NOT NULL,
    status integer NOT NULL,
    expires_at bigint,
    author_id text NOT NULL,
    created_at bigint NOT NULL,
    sequence bigint NOT NULL,
    removed_at bigint,
    removed_by text,
    removal_reason text
);
-- One switch in force per id; the history keeps every earlier one.
CREATE UNIQUE INDEX kill_switches_in_force ON kill_switches (organization_id, id) WHERE removed_at IS NULL;
CREATE FUNCTION refuse_change_of_kill_switches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of kill switches is kept';
END;
$$;
CREATE TRIGGER kill_switches_stay BEFORE DELETE ON kill_switches FOR EACH ROW EXECUTE FUNCTION refuse_change_of_kill_switches();

CREATE TABLE directive_sequences (
    organization_id text NOT NULL REFERENCES organizations (id),
    kind text NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (organization_id, kind)
);

CREATE TABLE telemetry_batches (
    edge_id text NOT NULL REFERENCES edges (id),
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    organization_id text NOT NULL REFERENCES organizations (id),
    received_at bigint NOT NULL,
    from_ms bigint NOT NULL,
    to_ms bigint NOT NULL,
    PRIMARY KEY (edge_id, epoch, sequence)
);
CREATE INDEX telemetry_batches_by_organization ON telemetry_batches (organization_id, received_at);

CREATE TABLE telemetry_rollups (
    organization_id text NOT NULL REFERENCES organizations (id),
    edge_id text NOT NULL REFERENCES edges (id),
    minute bigint NOT NULL,
    policy text NOT NULL,
    rule text NOT NULL,
    verdict text NOT NULL,
    reason text NOT NULL,
    route text NOT NULL,
    shadow integer NOT NULL,
    bundle_version bigint NOT NULL,
    count bigint NOT NULL CHECK (count >= 0),
    PRIMARY KEY (organization_id, edge_id, minute, policy, rule, verdict, reason, route, shadow, bundle_version)
);

CREATE TABLE telemetry_latency (
    organization_id text NOT NULL REFERENCES organizations (id),
    edge_id text NOT NULL REFERENCES edges (id),
    minute bigint NOT NULL,
    bucket integer NOT NULL,
    count bigint NOT NULL CHECK (count >= 0),
    PRIMARY KEY (organization_id, edge_id, minute, bucket)
);

CREATE TABLE audit_log (
    organization_id text NOT NULL REFERENCES organizations (id),
    sequence bigint NOT NULL CHECK (sequence >= 1),
    at bigint NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    source_hash text NOT NULL,
    snapshot_cipher text NOT NULL,
    snapshot_digest text NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (organization_id, sequence)
);
CREATE FUNCTION refuse_change_of_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END;
$$;
CREATE TRIGGER audit_log_keep BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_log();
CREATE TRIGGER audit_log_stay BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_log();
-- TRUNCATE passes row triggers by.
CREATE TRIGGER bundle_versions_whole BEFORE TRUNCATE ON bundle_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_bundle_versions();
-- TRUNCATE passes row triggers by.
CREATE TRIGGER kill_switches_whole BEFORE TRUNCATE ON kill_switches FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_kill_switches();
-- TRUNCATE passes row triggers by.
CREATE TRIGGER audit_log_whole BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_log();
CREATE TRIGGER kill_switches_keep BEFORE UPDATE ON kill_switches FOR EACH ROW WHEN (OLD.removed_at IS NOT NULL)
    EXECUTE FUNCTION refuse_change_of_kill_switches();
