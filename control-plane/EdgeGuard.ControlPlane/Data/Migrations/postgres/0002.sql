-- API keys of callers, by digest. The row stays when the key has ended.
CREATE TABLE api_keys (
    id text NOT NULL PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations (id),
    key_hash bytea NOT NULL UNIQUE,
    definition_cipher text NOT NULL,
    not_before bigint NOT NULL,
    expires_at bigint,
    replaces text,
    replaced_by text,
    author_id text NOT NULL,
    created_at bigint NOT NULL,
    sequence bigint NOT NULL,
    removed_at bigint,
    removed_by text,
    removal_reason text
);
CREATE INDEX api_keys_by_organization ON api_keys (organization_id, sequence);

CREATE TABLE revocations (
    id text NOT NULL PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations (id),
    kind text NOT NULL CHECK (kind IN ('organization', 'subject', 'key', 'token')),
    value_cipher text NOT NULL,
    valid_after bigint,
    reason text NOT NULL,
    expires_at bigint,
    author_id text NOT NULL,
    created_at bigint NOT NULL,
    sequence bigint NOT NULL,
    removed_at bigint,
    removed_by text,
    removal_reason text
);
CREATE INDEX revocations_by_organization ON revocations (organization_id, sequence);

-- Sets of API keys are numbered from 1, with the first key.
INSERT INTO directive_sequences (organization_id, kind, value) SELECT id, 'api_keys', 0 FROM organizations;
-- The empty set of revocations is written otherwise from now on, and one number always stands for the same bytes.
UPDATE directive_sequences SET value = value + 1 WHERE kind = 'revocations';

CREATE FUNCTION refuse_change_of_api_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of API keys is kept';
END;
$$;
CREATE TRIGGER api_keys_stay BEFORE DELETE ON api_keys FOR EACH ROW EXECUTE FUNCTION refuse_change_of_api_keys();
CREATE TRIGGER api_keys_whole BEFORE TRUNCATE ON api_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_api_keys();
CREATE TRIGGER api_keys_keep BEFORE UPDATE ON api_keys FOR EACH ROW WHEN (OLD.removed_at IS NOT NULL)
    EXECUTE FUNCTION refuse_change_of_api_keys();
CREATE FUNCTION refuse_change_of_revocations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of revocations is kept';
END;
$$;
CREATE TRIGGER revocations_stay BEFORE DELETE ON revocations FOR EACH ROW EXECUTE FUNCTION refuse_change_of_revocations();
CREATE TRIGGER revocations_whole BEFORE TRUNCATE ON revocations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_revocations();
CREATE TRIGGER revocations_keep BEFORE UPDATE ON revocations FOR EACH ROW WHEN (OLD.removed_at IS NOT NULL)
    EXECUTE FUNCTION refuse_change_of_revocations();
