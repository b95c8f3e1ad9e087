-- Leases of fleet-wide budgets. Amounts are cost units below 2^53; windows are Unix seconds; keys are keyed hashes, lower-case hex.
CREATE TABLE lease_organizations (
    organization_id text NOT NULL PRIMARY KEY REFERENCES organizations (id),
    epoch bigint NOT NULL,
    raised_at bigint NOT NULL
);

CREATE TABLE lease_budgets (
    organization_id text NOT NULL REFERENCES organizations (id),
    budget text NOT NULL,
    identity text NOT NULL,
    frozen_until bigint NOT NULL,
    PRIMARY KEY (organization_id, budget)
);

CREATE TABLE lease_holders (
    organization_id text NOT NULL REFERENCES organizations (id),
    holder text NOT NULL,
    edge_id text NOT NULL REFERENCES edges (id),
    retired integer NOT NULL,
    seen_at bigint NOT NULL,
    PRIMARY KEY (organization_id, holder)
);
CREATE INDEX lease_holders_by_edge ON lease_holders (organization_id, edge_id);

CREATE TABLE lease_shares (
    organization_id text NOT NULL REFERENCES organizations (id),
    budget text NOT NULL,
    holder text NOT NULL,
    first_window bigint NOT NULL,
    last_window bigint NOT NULL,
    last_end bigint NOT NULL,
    ppm integer NOT NULL CHECK (ppm BETWEEN 0 AND 1000000),
    PRIMARY KEY (organization_id, budget, holder, first_window)
);
CREATE INDEX lease_shares_by_holder ON lease_shares (organization_id, holder, last_end);
CREATE INDEX lease_shares_by_end ON lease_shares (last_end);

CREATE TABLE lease_holds (
    organization_id text NOT NULL REFERENCES organizations (id),
    budget text NOT NULL,
    key text NOT NULL,
    window_start bigint NOT NULL,
    holder text NOT NULL,
    window_end bigint NOT NULL,
    units bigint NOT NULL CHECK (units > 0),
    granted bigint NOT NULL CHECK (granted >= 0),
    returned bigint NOT NULL CHECK (returned >= 0),
    spent bigint NOT NULL CHECK (spent >= 0),
    seen bigint NOT NULL,
    slice bigint NOT NULL,
    granted_at bigint NOT NULL,
    wanted_at bigint NOT NULL,
    recalled_at bigint NOT NULL,
    recalled_tier text,
    PRIMARY KEY (organization_id, budget, key, window_start, holder)
);
CREATE INDEX lease_holds_by_holder ON lease_holds (organization_id, holder, budget, window_end);
CREATE INDEX lease_holds_by_window ON lease_holds (organization_id, budget, window_start);
CREATE INDEX lease_holds_recalled ON lease_holds (organization_id, holder, recalled_at) WHERE recalled_at > 0;
CREATE INDEX lease_holds_by_end ON lease_holds (window_end);
