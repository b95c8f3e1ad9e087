-- API keys of callers, by digest. The row stays when the key has ended.
CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    key_hash BLOB NOT NULL UNIQUE,
    definition_cipher TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    expires_at INTEGER,
    replaces TEXT,
    replaced_by TEXT,
    author_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    removed_at INTEGER,
    removed_by TEXT,
    removal_reason TEXT
);
CREATE INDEX api_keys_by_organization ON api_keys (organization_id, sequence);

CREATE TABLE revocations (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL CHECK (kind IN ('organization', 'subject', 'key', 'token')),
    value_cipher TEXT NOT NULL,
    valid_after INTEGER,
    reason TEXT NOT NULL,
    expires_at INTEGER,
    author_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    removed_at INTEGER,
    removed_by TEXT,
    removal_reason TEXT
);
CREATE INDEX revocations_by_organization ON revocations (organization_id, sequence);

-- Sets of API keys are numbered from 1, with the first key.
INSERT INTO directive_sequences (organization_id, kind, value) SELECT id, 'api_keys', 0 FROM organizations;
-- The empty set of revocations is written otherwise from now on, and one number always stands for the same bytes.
UPDATE directive_sequences SET value = value + 1 WHERE kind = 'revocations';

CREATE TRIGGER api_keys_stay BEFORE DELETE ON api_keys
BEGIN
    SELECT RAISE(ABORT, 'the history of API keys is kept');
END;
CREATE TRIGGER api_keys_keep BEFORE UPDATE ON api_keys
WHEN OLD.removed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'the history of API keys is kept');
END;
CREATE TRIGGER revocations_stay BEFORE DELETE ON revocations
BEGIN
    SELECT RAISE(ABORT, 'the history of revocations is kept');
END;
CREATE TRIGGER revocations_keep BEFORE UPDATE ON revocations
WHEN OLD.removed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'the history of revocations is kept');
END;
