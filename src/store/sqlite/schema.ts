/**
 * The tables, as a list of migrations: entry n brings a database from user_version n to n + 1. Entries are never edited
 * once released. Instants are ms, days are days since 1970, `shop` is shops.id, names are indexes into EVENT_NAMES,
 * ids are 16 bytes of SHA-256 (unique-ids.ts), and every `sealed` column is an envelope (sealing.ts).
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE shops (
    id INTEGER PRIMARY KEY,
    domain TEXT NOT NULL UNIQUE,
    facts TEXT NOT NULL,
    policy TEXT NOT NULL,
    installed_at INTEGER NOT NULL
  ) STRICT;

  -- Apart from shops, so that moving the heads of 400 shops in one commit touches two pages, not fifty.
  CREATE TABLE heads (
    shop INTEGER PRIMARY KEY,
    head INTEGER NOT NULL DEFAULT 0,
    projected INTEGER NOT NULL DEFAULT 0,
    -- Bodies up to this number are gone.
    cleared INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  -- Shop keys and salts are tables of their own: backups leave them out.
  CREATE TABLE shop_keys (shop INTEGER PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;

  -- An erased subject keeps its row without salt, so that its events can say why they cannot be read.
  CREATE TABLE subjects (
    id INTEGER PRIMARY KEY,
    shop INTEGER NOT NULL,
    subject TEXT NOT NULL,
    salt BLOB,
    day INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX subjects_living ON subjects (shop, subject) WHERE salt IS NOT NULL;
  CREATE INDEX subjects_by_day ON subjects (day);

  CREATE TABLE links (
    shop INTEGER NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL,
    PRIMARY KEY (shop, a, b)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE connections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    shop INTEGER NOT NULL,
    destination TEXT NOT NULL,
    sealed BLOB NOT NULL,
    settings_version INTEGER NOT NULL,
    state TEXT NOT NULL,
    trouble TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX connections_by_shop ON connections (shop);

  -- The log: rows in order of arrival, never clustered by shop (that writes five times as much).
  CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    shop INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    name INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    sealed BLOB
  ) STRICT;
  CREATE UNIQUE INDEX events_by_shop ON events (shop, seq);

  CREATE TABLE ids (
    shop INTEGER NOT NULL, id BLOB NOT NULL, seq INTEGER NOT NULL, day INTEGER NOT NULL,
    PRIMARY KEY (shop, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX ids_by_day ON ids (day);

  CREATE TABLE recent_ids (
    second INTEGER NOT NULL, shop INTEGER NOT NULL, id BLOB NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (second, shop, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    shop INTEGER NOT NULL,
    webhook BLOB NOT NULL,
    topic TEXT NOT NULL,
    event BLOB,
    webhook_id TEXT NOT NULL,
    event_id TEXT,
    received_at INTEGER NOT NULL,
    subject INTEGER,
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX messages_by_webhook ON messages (shop, webhook);
  CREATE UNIQUE INDEX messages_by_event ON messages (shop, event, topic) WHERE event IS NOT NULL;
  CREATE INDEX messages_by_age ON messages (received_at);

  CREATE TABLE parts (
    id INTEGER PRIMARY KEY,
    shop INTEGER NOT NULL,
    event BLOB NOT NULL,
    n INTEGER NOT NULL,
    joined INTEGER NOT NULL,
    -- Which checkout a browser's sighting names (sightings.ts); NULL on signed ones.
    claim TEXT,
    received_at INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX parts_by_event ON parts (shop, event, n);
  CREATE INDEX parts_by_age ON parts (received_at);

  CREATE TABLE identities (
    id INTEGER PRIMARY KEY,
    shop INTEGER NOT NULL,
    key BLOB NOT NULL,
    subject INTEGER NOT NULL,
    seen_day INTEGER NOT NULL,
    address_day INTEGER,
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX identities_by_key ON identities (shop, key);
  CREATE INDEX identities_by_day ON identities (seen_day);
  CREATE INDEX identities_by_address ON identities (address_day) WHERE address_day IS NOT NULL;

  CREATE TABLE lanes (
    shop INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    kind TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER,
    position INTEGER NOT NULL,
    due INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    unsure_since INTEGER,
    PRIMARY KEY (shop, connection, lane)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE ledger (
    shop INTEGER NOT NULL, connection INTEGER NOT NULL, first INTEGER NOT NULL, outcomes BLOB NOT NULL,
    PRIMARY KEY (shop, connection, first)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE parked (
    shop INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    unsure_since INTEGER,
    code TEXT,
    message TEXT,
    parked_at INTEGER NOT NULL,
    subject INTEGER,
    sealed BLOB,
    PRIMARY KEY (shop, connection, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX parked_by_due ON parked (shop, connection, kind, due);
  CREATE INDEX parked_dead ON parked (parked_at) WHERE kind = 'dead';

  CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    shop INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    at INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    attempt TEXT NOT NULL
  ) STRICT;
  CREATE INDEX attempts_by_connection ON attempts (shop, connection);
  CREATE INDEX attempts_by_seq ON attempts (shop, last, first);
  CREATE INDEX attempts_by_age ON attempts (at);

  CREATE TABLE orders (
    shop INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    seq INTEGER,
    placed_day INTEGER NOT NULL,
    record TEXT NOT NULL,
    email BLOB,
    PRIMARY KEY (shop, order_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX orders_by_day ON orders (placed_day);
  CREATE INDEX orders_by_email ON orders (shop, email) WHERE email IS NOT NULL;

  CREATE TABLE refunds (
    shop INTEGER NOT NULL, order_id TEXT NOT NULL, refund_id TEXT NOT NULL,
    PRIMARY KEY (shop, order_id, refund_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER orders_go_with_refunds AFTER DELETE ON orders BEGIN
    DELETE FROM refunds WHERE shop = old.shop AND order_id = old.order_id;
  END;

  CREATE TABLE rollups (
    shop INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    name INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    counts TEXT NOT NULL,
    PRIMARY KEY (shop, bucket, connection, name, outcome)
  ) STRICT, WITHOUT ROWID;

  -- "Up to here every connection had settled everything at this moment", from which the age of a settlement follows.
  CREATE TABLE settled (
    shop INTEGER NOT NULL, at INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (shop, at)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE connections ADD COLUMN refused_since INTEGER;

  -- When the lane was last settled, and until when requests of unknown outcome may have left: after a kill both are needed.
  ALTER TABLE lanes ADD COLUMN settled_at INTEGER;
  ALTER TABLE lanes ADD COLUMN unsure_until INTEGER;

  CREATE TABLE polls (
    shop INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    job TEXT NOT NULL,
    seqs TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    sendings INTEGER NOT NULL,
    PRIMARY KEY (shop, connection, job)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX polls_by_due ON polls (shop, connection, due);

  CREATE TABLE tokens (
    shop INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    settings_version INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (shop, connection)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Replays and backfills: what their lanes have to pass, and how far they are.
  CREATE TABLE tasks (
    shop INTEGER NOT NULL,
    id INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    kind TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    choice TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    total INTEGER NOT NULL,
    passed INTEGER NOT NULL DEFAULT 0,
    picked INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'running',
    ended_at INTEGER,
    PRIMARY KEY (shop, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tasks_by_end ON tasks (ended_at) WHERE ended_at IS NOT NULL;

  ALTER TABLE lanes ADD COLUMN task INTEGER;
  `,
  `
  -- What retention looks for every minute is found without walking over what stays: sightings go long before what was
  -- joined of them, and of thousands of dead letters none is open.
  DROP INDEX parts_by_age;
  CREATE INDEX parts_by_age ON parts (joined, received_at);
  CREATE INDEX parked_open ON parked (shop, seq) WHERE kind <> 'dead';

  -- Erasures that were applied to this database (tombstones.ts).
  CREATE TABLE tombstones (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

  -- In a restored database a lane's doubt goes on up to this number: what followed the backup is not in it.
  ALTER TABLE lanes ADD COLUMN unsure_to INTEGER;
  `,
  `
  -- Small documents of a shop (entry.ts), each under the shop's key.
  CREATE TABLE entries (
    shop INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER,
    sealed BLOB NOT NULL,
    PRIMARY KEY (shop, kind, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entries_by_end ON entries (until) WHERE until IS NOT NULL;
  `,
  `
  -- What is sealed for a person instead of the shop.
  ALTER TABLE entries ADD COLUMN subject INTEGER;
  `,
  `
  -- People ask for an order by its name.
  CREATE INDEX orders_by_name ON orders (shop, json_extract(record, '$.name'));
  `,
]
