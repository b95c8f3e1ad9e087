-- Leases of fleet-wide budgets. Amounts are cost units below 2^53; windows are Unix seconds; keys are keyed hashes, lower-case hex.
CREATE TABLE lease_organizations (
    organization_id TEXT NOT NULL PRIMARY KEY REFERENCES organizations (id),
    epoch INTEGER NOT NULL,
    raised_at INTEGER NOT NULL
);

CREATE TABLE lease_budgets (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    budget TEXT NOT NULL,
    identity TEXT NOT NULL,
    frozen_until INTEGER NOT NULL,
    PRIMARY KEY (organization_id, budget)
);

CREATE TABLE lease_holders (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    holder TEXT NOT NULL,
    edge_id TEXT NOT NULL REFERENCES edges (id),
    retired INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, holder)
);
CREATE INDEX lease_holders_by_edge ON lease_holders (organization_id, edge_id);

CREATE TABLE lease_shares (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    budget TEXT NOT NULL,
    holder TEXT NOT NULL,
    first_window INTEGER NOT NULL,
    last_window INTEGER NOT NULL,
    last_end INTEGER NOT NULL,
    ppm INTEGER NOT NULL CHECK (ppm BETWEEN 0 AND 1000000),
    PRIMARY KEY (organization_id, budget, holder, first_window)
);
CREATE INDEX lease_shares_by_holder ON lease_shares (organization_id, holder, last_end);
CREATE INDEX lease_shares_by_end ON lease_shares (last_end);

CREATE TABLE lease_holds (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    budget TEXT NOT NULL,
    key TEXT NOT NULL,
    window_start INTEGER NOT NULL,
    holder TEXT NOT NULL,
    window_end INTEGER NOT NULL,
    units INTEGER NOT NULL CHECK (units > 0),
    granted INTEGER NOT NULL CHECK (granted >= 0),
    returned INTEGER NOT NULL CHECK (returned >= 0),
    spent INTEGER NOT NULL CHECK (spent >= 0),
    seen INTEGER NOT NULL,
    slice INTEGER NOT NULL,
    granted_at INTEGER NOT NULL,
    wanted_at INTEGER NOT NULL,
    recalled_at INTEGER NOT NULL,
    recalled_tier TEXT,
    PRIMARY KEY (organization_id, budget, key, window_start, holder)
);
CREATE INDEX lease_holds_by_holder ON lease_holds (organization_id, holder, budget, window_end);
CREATE INDEX lease_holds_by_window ON lease_holds (organization_id, budget, window_start);
CREATE INDEX lease_holds_recalled ON lease_holds (organization_id, holder, recalled_at) WHERE recalled_at > 0;
CREATE INDEX lease_holds_by_end ON lease_holds (window_end);
