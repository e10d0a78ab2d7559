/**
 * The tables, as a list of migrations: entry n brings a database from version n to n + 1. Entries are never edited once
 * released. They are those of sqlite/schema.ts, but for two rules:
 *
 * - Every primary key and index begins with the shop, and every number in a key is the shop's own, so that the tables can
 *   be spread over many servers by shop (docs/operations.md). Only a shop's number and a connection's, which the port
 *   wants unique in the whole installation, come from sequences.
 * - Tables without a shop (meta, shops, quotas, workers) are small, and read far more often than written.
 *
 * Instants are ms, days are days since 1970, `shop` is shops.id, names are indexes into EVENT_NAMES, ids are 16 bytes of
 * SHA-256 (unique-ids.ts), and every `sealed` column is an envelope (sealing.ts): PostgreSQL need not try to compress it.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE SEQUENCE shop_numbers AS int;
  CREATE SEQUENCE connection_numbers AS int;

  CREATE TABLE shops (
    id int PRIMARY KEY,
    domain text NOT NULL UNIQUE,
    facts text NOT NULL,
    policy text NOT NULL,
    installed_at bigint NOT NULL
  );

  -- What a shop counts: its events, its subjects. Rows are rewritten at every commit and should stay in their page.
  CREATE TABLE heads (
    shop int PRIMARY KEY,
    head bigint NOT NULL DEFAULT 0,
    subjects bigint NOT NULL DEFAULT 0,
    projected bigint NOT NULL DEFAULT 0,
    -- Bodies up to this number are gone.
    cleared bigint NOT NULL DEFAULT 0
  ) WITH (fillfactor = 40);

  -- Shop keys and salts are tables of their own: backups leave them out.
  CREATE TABLE shop_keys (shop int PRIMARY KEY, wrapped bytea NOT NULL);

  -- An erased subject keeps its row without salt, so that its events can say why they cannot be read.
  CREATE TABLE subjects (
    shop int NOT NULL,
    id bigint NOT NULL,
    subject text NOT NULL,
    salt bytea,
    day int NOT NULL,
    PRIMARY KEY (shop, id)
  );
  CREATE UNIQUE INDEX subjects_living ON subjects (shop, subject) WHERE salt IS NOT NULL;
  CREATE INDEX subjects_by_day ON subjects (shop, day);

  CREATE TABLE links (shop int NOT NULL, a text NOT NULL, b text NOT NULL, PRIMARY KEY (shop, a, b));

  CREATE TABLE connections (
    shop int NOT NULL,
    id int NOT NULL,
    destination text NOT NULL,
    sealed bytea NOT NULL,
    settings_version int NOT NULL,
    state text NOT NULL,
    trouble text,
    refused_since bigint,
    created_at bigint NOT NULL,
    PRIMARY KEY (shop, id)
  );

  CREATE TABLE events (
    shop int NOT NULL,
    seq bigint NOT NULL,
    received_at bigint NOT NULL,
    subject bigint NOT NULL,
    name smallint NOT NULL,
    sealed bytea,
    PRIMARY KEY (shop, seq)
  );
  ALTER TABLE events ALTER sealed SET STORAGE EXTERNAL;

  CREATE TABLE ids (
    shop int NOT NULL, id bytea NOT NULL, seq bigint NOT NULL, day int NOT NULL,
    PRIMARY KEY (shop, id)
  );
  CREATE INDEX ids_by_day ON ids (shop, day);

  CREATE TABLE recent_ids (
    shop int NOT NULL, second bigint NOT NULL, id bytea NOT NULL, seq bigint NOT NULL,
    PRIMARY KEY (shop, second, id)
  );

  CREATE TABLE messages (
    shop int NOT NULL,
    webhook bytea NOT NULL,
    topic text NOT NULL,
    event bytea,
    webhook_id text NOT NULL,
    event_id text,
    received_at bigint NOT NULL,
    subject bigint,
    sealed bytea NOT NULL,
    PRIMARY KEY (shop, webhook)
  );
  ALTER TABLE messages ALTER sealed SET STORAGE EXTERNAL;
  CREATE UNIQUE INDEX messages_by_event ON messages (shop, event, topic) WHERE event IS NOT NULL;
  CREATE INDEX messages_by_age ON messages (shop, received_at);

  CREATE TABLE parts (
    shop int NOT NULL,
    event bytea NOT NULL,
    n int NOT NULL,
    -- Which checkout a browser's sighting names (sightings.ts); NULL on signed ones.
    claim text,
    received_at bigint NOT NULL,
    subject bigint NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (shop, event, n)
  );
  ALTER TABLE parts ALTER sealed SET STORAGE EXTERNAL;
  CREATE INDEX parts_by_age ON parts (shop, received_at);

  CREATE TABLE identities (
    shop int NOT NULL,
    key bytea NOT NULL,
    subject bigint NOT NULL,
    seen_day int NOT NULL,
    address_day int,
    sealed bytea NOT NULL,
    PRIMARY KEY (shop, key)
  );
  ALTER TABLE identities ALTER sealed SET STORAGE EXTERNAL;
  CREATE INDEX identities_by_day ON identities (shop, seen_day);
  CREATE INDEX identities_by_address ON identities (shop, address_day) WHERE address_day IS NOT NULL;

  CREATE TABLE lanes (
    shop int NOT NULL,
    connection int NOT NULL,
    lane int NOT NULL,
    kind text NOT NULL,
    first bigint NOT NULL,
    last bigint,
    position bigint NOT NULL,
    due bigint NOT NULL DEFAULT 0,
    tries int NOT NULL DEFAULT 0,
    -- When the lane was last settled, and since and until when requests of unknown outcome may have left.
    settled_at bigint,
    unsure_since bigint,
    unsure_until bigint,
    task int,
    PRIMARY KEY (shop, connection, lane)
  ) WITH (fillfactor = 70);

  -- Replays and backfills: what their lanes have to pass, and how far they are.
  CREATE TABLE tasks (
    shop int NOT NULL,
    id int NOT NULL,
    connection int NOT NULL,
    kind text NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    choice text NOT NULL,
    created_at bigint NOT NULL,
    total bigint NOT NULL,
    passed bigint NOT NULL DEFAULT 0,
    picked bigint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'running',
    ended_at bigint,
    PRIMARY KEY (shop, id)
  );

  CREATE TABLE ledger (
    shop int NOT NULL, connection int NOT NULL, first bigint NOT NULL, outcomes bytea NOT NULL,
    PRIMARY KEY (shop, connection, first)
  ) WITH (fillfactor = 90);
  ALTER TABLE ledger ALTER outcomes SET STORAGE MAIN;

  CREATE TABLE parked (
    shop int NOT NULL,
    connection int NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    due bigint NOT NULL,
    tries int NOT NULL,
    unsure_since bigint,
    code text,
    message text,
    parked_at bigint NOT NULL,
    subject bigint,
    sealed bytea,
    PRIMARY KEY (shop, connection, seq)
  );
  ALTER TABLE parked ALTER sealed SET STORAGE EXTERNAL;
  CREATE INDEX parked_by_due ON parked (shop, connection, due) WHERE kind <> 'dead';
  CREATE INDEX parked_dead ON parked (shop, parked_at) WHERE kind = 'dead';

  -- The id is the moment of the settlement in microseconds: newest first without a counter that all would wait for.
  CREATE TABLE attempts (
    shop int NOT NULL,
    id bigint NOT NULL,
    connection int NOT NULL,
    at bigint NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    seqs bigint[] NOT NULL,
    attempt text NOT NULL,
    PRIMARY KEY (shop, id, connection)
  );
  CREATE INDEX attempts_by_connection ON attempts (shop, connection, id);
  CREATE INDEX attempts_by_seq ON attempts (shop, last, first);
  CREATE INDEX attempts_by_age ON attempts (shop, at);

  CREATE TABLE orders (
    shop int NOT NULL,
    order_id text NOT NULL,
    seq bigint,
    placed_day int NOT NULL,
    record text NOT NULL,
    email bytea,
    PRIMARY KEY (shop, order_id)
  );
  CREATE INDEX orders_by_day ON orders (shop, placed_day);
  CREATE INDEX orders_by_email ON orders (shop, email) WHERE email IS NOT NULL;

  CREATE TABLE refunds (
    shop int NOT NULL, order_id text NOT NULL, refund_id text NOT NULL,
    PRIMARY KEY (shop, order_id, refund_id)
  );

  CREATE TABLE rollups (
    shop int NOT NULL,
    bucket bigint NOT NULL,
    connection int NOT NULL,
    name smallint NOT NULL,
    outcome smallint NOT NULL,
    counts text NOT NULL,
    PRIMARY KEY (shop, bucket, connection, name, outcome)
  );

  -- "Up to here every connection had settled everything at this moment", from which the age of a settlement follows.
  CREATE TABLE settled (shop int NOT NULL, at bigint NOT NULL, seq bigint NOT NULL, PRIMARY KEY (shop, at));

  CREATE TABLE polls (
    shop int NOT NULL,
    connection int NOT NULL,
    job text NOT NULL,
    seqs text NOT NULL,
    sent_at bigint NOT NULL,
    due bigint NOT NULL,
    tries int NOT NULL,
    sendings int NOT NULL,
    PRIMARY KEY (shop, connection, job)
  );
  CREATE INDEX polls_by_due ON polls (shop, connection, due);

  CREATE TABLE tokens (
    shop int NOT NULL,
    connection int NOT NULL,
    settings_version int NOT NULL,
    expires_at bigint NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (shop, connection)
  );

  -- Who delivers a shop (leases.ts). No owner: nobody, and the last one left in good order.
  CREATE TABLE leases (
    shop int PRIMARY KEY,
    owner text,
    epoch bigint NOT NULL DEFAULT 0,
    until bigint NOT NULL DEFAULT 0
  ) WITH (fillfactor = 50);

  -- Requests that all processes count together (quota.ts): when the next one would go if all went evenly, ms.
  CREATE TABLE quotas (key text PRIMARY KEY, next double precision NOT NULL) WITH (fillfactor = 20);
  `,
  // Sightings are numbered by shop as they arrive, so that the shop's owner knows which it has learned from (learning.ts).
  `
  ALTER TABLE heads ADD parts bigint NOT NULL DEFAULT 0, ADD learned_parts bigint NOT NULL DEFAULT 0;
  ALTER TABLE parts ADD arrived bigint;
  CREATE INDEX parts_by_arrival ON parts (shop, arrived) WHERE arrived IS NOT NULL;

  -- Processes that deliver, each until it says so again (workers.ts).
  CREATE TABLE workers (name text PRIMARY KEY, until bigint NOT NULL);
  `,
  // Small documents of a shop (entry.ts). Keys are compared byte by byte, as in the other stores.
  `
  CREATE TABLE entries (
    shop int NOT NULL,
    kind text NOT NULL,
    key text COLLATE "C" NOT NULL,
    version int NOT NULL,
    at bigint NOT NULL,
    until bigint,
    sealed bytea NOT NULL,
    PRIMARY KEY (shop, kind, key)
  );
  CREATE INDEX entries_by_end ON entries (shop, until) WHERE until IS NOT NULL;
  `,
  // What is sealed for a person instead of the shop; what was erased, for whoever restores a dump from before; and how far
  // the doubt goes in a restored database.
  `
  ALTER TABLE entries ADD subject bigint;
  ALTER TABLE lanes ADD unsure_to bigint;

  -- Written in the erasing transaction: of a dump it says what was done already (tombstones.ts).
  CREATE TABLE tombstones (shop int NOT NULL, id text NOT NULL, who text NOT NULL, at bigint NOT NULL, PRIMARY KEY (shop, id, who));
  `,
  // People ask for an order by its name, or its buyer's address.
  `
  CREATE INDEX orders_by_name ON orders (shop, (record::json ->> 'name'));
  `,
]

/** The newest schema that this version of Converlay reads. */
export const SCHEMA_VERSION = MIGRATIONS.length
