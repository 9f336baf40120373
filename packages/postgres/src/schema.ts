import { ConfigurationError } from "@pixy/grants";

/** The Postgres schema that tables and functions stand in where nothing else is said. */
export const defaultSchema = "pixy";

/**
 * Refuses a name that would have to be quoted.
 *
 * @throws ConfigurationError `invalid_option`
 */
export function checkSchemaName(schema: string): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) return schema;
  const hint = "Give a name of lower-case letters, digits and underscores, such as pixy.";
  throw new ConfigurationError(`The option schema cannot be used. ${hint}`, {
    ...{ code: "invalid_option", option: "schema", hint },
  });
}

/**
 * Returns the SQL that makes what the store needs: four tables and the functions that change them, all in one Postgres
 * schema of their own. It may be run again, also while processes are at work.
 *
 * The functions are `step` of `@pixy/grants` on a locked row. Each call is one statement and one round trip, and the lock
 * is held by the server alone: a client that stalls in the middle keeps nobody waiting. Their names begin with the
 * version, so that processes of an earlier release go on beside a later one.
 *
 * Moments are milliseconds of Postgres' own clock, read after the lock was had. A fence is such a moment, or one more than
 * the last where that is not higher: it still grows where a failover lost the last writes.
 *
 * @throws ConfigurationError `invalid_option` for a schema's name that would have to be quoted
 */
export function postgresSchema({ schema = defaultSchema }: { readonly schema?: string } = {}): string {
  return template
    .replaceAll("pixy.", `${checkSchemaName(schema)}.`)
    .replaceAll("'pixy'", `'${schema}'`)
    .replace("EXISTS pixy;", `EXISTS ${schema};`);
}

const template = `-- Tables and functions of @pixy/postgres, version 1.
BEGIN;
-- One at a time: several processes may start at once.
SELECT pg_advisory_xact_lock(hashtext('pixy'), hashtext('schema'));
CREATE SCHEMA IF NOT EXISTS pixy;

-- A record: RecordState of @pixy/grants. Columns of text are compared by octets, so that no change of a locale moves them.
CREATE TABLE IF NOT EXISTS pixy.records (
  app text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  sealed text,
  fence bigint NOT NULL DEFAULT 0,
  start bigint NOT NULL,
  issued bigint NOT NULL,
  ended boolean NOT NULL DEFAULT false,
  deleted boolean NOT NULL DEFAULT false,
  lease bigint,
  leased_until bigint NOT NULL DEFAULT 0,
  awaited boolean NOT NULL DEFAULT false,
  intents bigint[] NOT NULL DEFAULT '{}',
  pause_until bigint NOT NULL DEFAULT 0,
  note text,
  expires_at bigint NOT NULL,
  PRIMARY KEY (app, key)
) WITH (fillfactor = 70);
CREATE INDEX IF NOT EXISTS records_expires_at ON pixy.records (expires_at);

-- The index: where to look for a record, never what is true of it.
CREATE TABLE IF NOT EXISTS pixy.hints (
  app text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  owner text COLLATE "C",
  due_at bigint,
  expires_at bigint NOT NULL,
  PRIMARY KEY (app, key)
);
CREATE INDEX IF NOT EXISTS hints_owner ON pixy.hints (app, owner) WHERE owner IS NOT NULL;
CREATE INDEX IF NOT EXISTS hints_due_at ON pixy.hints (app, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS hints_expires_at ON pixy.hints (expires_at);

-- How often everything of an owner was ended.
CREATE TABLE IF NOT EXISTS pixy.epochs (
  app text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (app, owner)
);
CREATE INDEX IF NOT EXISTS epochs_expires_at ON pixy.epochs (expires_at);

-- The apps some of whose processes keep records in memory, and have to be told of changes.
CREATE TABLE IF NOT EXISTS pixy.listeners (
  app text COLLATE "C" PRIMARY KEY,
  expires_at bigint NOT NULL
);

CREATE OR REPLACE FUNCTION pixy.v1_now() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN floor(extract(epoch FROM clock_timestamp()) * 1000);
END $$;

-- Deletes some of what has ended: as much as comes is gone again, without a job for it. What is locked is left alone, so
-- nobody waits here.
CREATE OR REPLACE FUNCTION pixy.v1_sweep(moment bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM pixy.records WHERE (app, key) IN (SELECT app, key FROM pixy.records
    WHERE expires_at <= moment ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED);
END $$;

-- Fences and moments in turns, without those whose time has passed and without one.
CREATE OR REPLACE FUNCTION pixy.v1_intents(list bigint[], moment bigint, without bigint) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE kept bigint[] := '{}';
BEGIN
  FOR i IN 1 .. cardinality(list) BY 2 LOOP
    IF list[i + 1] > moment AND list[i] IS DISTINCT FROM without THEN kept := kept || list[i:i + 1]; END IF;
  END LOOP;
  RETURN kept;
END $$;

-- Tells of a change, where somebody keeps records in memory: transactions that notify commit one after the other.
CREATE OR REPLACE FUNCTION pixy.v1_tell(of_app text, of_key text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('pixy'), hashtext('changes'));
  IF EXISTS (SELECT FROM pixy.listeners WHERE app = of_app AND expires_at > pixy.v1_now()) THEN
    PERFORM pg_notify('pixy', '+' || of_app || ' ' || of_key);
  END IF;
END $$;

-- A change that found nobody to tell is waited for: from now on all are told.
CREATE OR REPLACE FUNCTION pixy.v1_listen(of_app text, message text, ttl bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE moment bigint := pixy.v1_now();
BEGIN
  -- Who is about to be forgotten may be by the time that this commits.
  IF NOT EXISTS (SELECT FROM pixy.listeners WHERE app = of_app AND expires_at > moment + 15000) THEN
    PERFORM pg_advisory_xact_lock(hashtext('pixy'), hashtext('changes'));
  END IF;
  INSERT INTO pixy.listeners AS l VALUES (of_app, moment + ttl)
    ON CONFLICT (app) DO UPDATE SET expires_at = greatest(l.expires_at, excluded.expires_at);
  PERFORM pg_notify('pixy', message);
END $$;

-- A new generation: no fence of what stood here before writes into it.
CREATE OR REPLACE FUNCTION pixy.v1_begin(of_app text, of_key text, content text, ttl bigint, replacing boolean)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE r pixy.records; moment bigint;
BEGIN
  LOOP
    moment := pixy.v1_now();
    INSERT INTO pixy.records (app, key, sealed, start, issued, expires_at)
      VALUES (of_app, of_key, content, moment, moment, moment + ttl) ON CONFLICT DO NOTHING;
    EXIT WHEN FOUND;
    SELECT * INTO r FROM pixy.records WHERE app = of_app AND key = of_key FOR UPDATE;
    CONTINUE WHEN NOT FOUND;
    moment := pixy.v1_now();
    IF NOT replacing AND NOT r.deleted AND r.expires_at > moment THEN
      -- The same one once more: its first answer was lost.
      RETURN CASE WHEN r.fence = 0 AND r.sealed = content THEN 'created' ELSE 'exists' END;
    END IF;
    UPDATE pixy.records SET sealed = content, fence = 0, start = greatest(r.issued, moment),
      issued = greatest(r.issued, moment), ended = false, deleted = false, lease = NULL, leased_until = 0,
      awaited = false, intents = '{}', pause_until = 0, note = NULL, expires_at = moment + ttl
      WHERE app = of_app AND key = of_key;
    PERFORM pixy.v1_tell(of_app, of_key);
    EXIT;
  END LOOP;
  PERFORM pixy.v1_sweep(moment);
  RETURN 'created';
END $$;

CREATE OR REPLACE FUNCTION pixy.v1_read_living(of_app text, of_key text)
RETURNS TABLE (moment bigint, sealed text, fence bigint, ended boolean, pause_until bigint, note text, intents bigint[],
  expires_at bigint)
LANGUAGE plpgsql AS $$
BEGIN
  moment := pixy.v1_now();
  SELECT r.sealed, r.fence, r.ended, r.pause_until, r.note, r.intents, r.expires_at
    INTO sealed, fence, ended, pause_until, note, intents, expires_at
    FROM pixy.records r WHERE r.app = of_app AND r.key = of_key AND NOT r.deleted AND r.expires_at > moment;
  IF FOUND THEN RETURN NEXT; END IF;
END $$;

-- Nobody is told of the end of a lease for which nobody waits: a notification stops all commits for a moment.
CREATE OR REPLACE FUNCTION pixy.v1_acquire(of_app text, of_key text, lease_ms bigint, intent_ms bigint, waits boolean)
RETURNS TABLE (state text, number bigint, moment bigint, sealed text, fence bigint, ended boolean, pause_until bigint,
  note text, intents bigint[])
LANGUAGE plpgsql AS $$
DECLARE r pixy.records;
BEGIN
  SELECT * INTO r FROM pixy.records s WHERE s.app = of_app AND s.key = of_key FOR UPDATE;
  moment := pixy.v1_now();
  IF r.app IS NULL OR r.deleted OR r.expires_at <= moment THEN
    state := 'gone';
  ELSIF r.leased_until > moment THEN
    state := 'held';
    number := r.leased_until - moment;
    IF waits AND NOT r.awaited THEN
      UPDATE pixy.records s SET awaited = true WHERE s.app = of_app AND s.key = of_key;
    END IF;
  ELSE
    state := 'acquired';
    number := greatest(r.issued + 1, moment);
    sealed := r.sealed;
    fence := r.fence;
    ended := r.ended;
    pause_until := r.pause_until;
    note := r.note;
    intents := pixy.v1_intents(r.intents, moment, NULL);
    UPDATE pixy.records s SET issued = number, lease = number, leased_until = moment + lease_ms, awaited = false,
      intents = pixy.v1_intents(r.intents, moment, NULL) || number || (moment + intent_ms),
      expires_at = greatest(r.expires_at, moment + intent_ms)
      WHERE s.app = of_app AND s.key = of_key;
    PERFORM pixy.v1_tell(of_app, of_key);
  END IF;
  RETURN NEXT;
END $$;

-- Gives up the lease and the intent of a fence: its token request has reported back.
CREATE OR REPLACE FUNCTION pixy.v1_settle(r pixy.records, of_fence bigint) RETURNS pixy.records LANGUAGE plpgsql AS $$
BEGIN
  r.intents := pixy.v1_intents(r.intents, pixy.v1_now(), of_fence);
  IF r.lease = of_fence THEN
    IF r.awaited THEN PERFORM pg_notify('pixy', r.app || ' ' || r.key); END IF;
    r.lease := NULL;
    r.leased_until := 0;
    r.awaited := false;
  END IF;
  RETURN r;
END $$;

CREATE OR REPLACE FUNCTION pixy.v1_save(r pixy.records) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE pixy.records SET sealed = r.sealed, fence = r.fence, start = r.start, issued = r.issued, ended = r.ended,
    deleted = r.deleted, lease = r.lease, leased_until = r.leased_until, awaited = r.awaited, intents = r.intents,
    pause_until = r.pause_until, note = r.note, expires_at = r.expires_at
    WHERE app = r.app AND key = r.key;
  PERFORM pixy.v1_tell(r.app, r.key);
END $$;

-- Without content the record ends.
CREATE OR REPLACE FUNCTION pixy.v1_write(of_app text, of_key text, of_fence bigint, content text, ttl bigint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE r pixy.records; moment bigint; answer text := 'committed';
BEGIN
  SELECT * INTO r FROM pixy.records WHERE app = of_app AND key = of_key FOR UPDATE;
  moment := pixy.v1_now();
  IF r.app IS NULL OR r.deleted OR r.expires_at <= moment OR of_fence <= r.start THEN RETURN 'gone'; END IF;
  r := pixy.v1_settle(r, of_fence);
  IF of_fence > r.fence THEN
    r.sealed := content;
    r.ended := content IS NULL;
    r.fence := of_fence;
    r.issued := greatest(r.issued, of_fence);
    r.pause_until := 0;
    r.note := NULL;
    r.expires_at := moment + ttl;
  -- The same write once more: its first answer was lost.
  ELSIF of_fence < r.fence OR r.sealed IS DISTINCT FROM content THEN
    answer := 'superseded';
  END IF;
  PERFORM pixy.v1_save(r);
  RETURN answer;
END $$;

CREATE OR REPLACE FUNCTION pixy.v1_release(of_app text, of_key text, of_fence bigint, pause_ms bigint, noted text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE r pixy.records; moment bigint;
BEGIN
  SELECT * INTO r FROM pixy.records WHERE app = of_app AND key = of_key FOR UPDATE;
  moment := pixy.v1_now();
  IF r.app IS NULL OR r.deleted OR r.expires_at <= moment OR of_fence <= r.start THEN RETURN; END IF;
  r := pixy.v1_settle(r, of_fence);
  -- Where a newer write stands, what a late holder ran into says nothing about it.
  IF of_fence >= r.fence THEN
    r.pause_until := coalesce(moment + pause_ms, r.pause_until);
    r.note := coalesce(noted, r.note);
    r.expires_at := greatest(r.expires_at, r.pause_until);
  END IF;
  PERFORM pixy.v1_save(r);
END $$;

-- What has ended is remembered no longer for being asked for.
CREATE OR REPLACE FUNCTION pixy.v1_touch(of_app text, of_key text, ttl bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE pixy.records SET expires_at = pixy.v1_now() + ttl
    WHERE app = of_app AND key = of_key AND NOT ended AND NOT deleted AND expires_at > pixy.v1_now();
END $$;

-- Returns what it has deleted. The fences are remembered for a minute, so that no late write takes a new record for its own.
CREATE OR REPLACE FUNCTION pixy.v1_remove(of_app text, of_key text)
RETURNS TABLE (moment bigint, sealed text, fence bigint, ended boolean, pause_until bigint, note text, intents bigint[])
LANGUAGE plpgsql AS $$
DECLARE r pixy.records;
BEGIN
  SELECT * INTO r FROM pixy.records s WHERE s.app = of_app AND s.key = of_key FOR UPDATE;
  moment := pixy.v1_now();
  IF r.app IS NULL OR r.deleted THEN RETURN; END IF;
  IF r.issued = r.start AND r.start <= moment THEN
    DELETE FROM pixy.records s WHERE s.app = of_app AND s.key = of_key;
  ELSE
    UPDATE pixy.records s SET sealed = NULL, fence = 0, start = r.issued, ended = false, deleted = true, lease = NULL,
      leased_until = 0, awaited = false, intents = '{}', pause_until = 0, note = NULL, expires_at = moment + 60000
      WHERE s.app = of_app AND s.key = of_key;
  END IF;
  PERFORM pixy.v1_tell(of_app, of_key);
  IF r.expires_at <= moment THEN RETURN; END IF;
  SELECT r.sealed, r.fence, r.ended, r.pause_until, r.note, r.intents
    INTO sealed, fence, ended, pause_until, note, intents;
  RETURN NEXT;
END $$;

-- For processes of an older release, which do not ask what was deleted.
CREATE OR REPLACE FUNCTION pixy.v1_delete(of_app text, of_key text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pixy.v1_remove(of_app, of_key);
END $$;

CREATE OR REPLACE FUNCTION pixy.v1_note(of_app text, of_key text, of_owner text, due_ms bigint, ttl bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE moment bigint := pixy.v1_now();
BEGIN
  INSERT INTO pixy.hints VALUES (of_app, of_key, of_owner, moment + due_ms, moment + ttl)
    ON CONFLICT (app, key) DO UPDATE
    SET owner = excluded.owner, due_at = excluded.due_at, expires_at = excluded.expires_at;
  DELETE FROM pixy.hints WHERE (app, key) IN (SELECT app, key FROM pixy.hints
    WHERE expires_at <= moment ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED);
END $$;

CREATE OR REPLACE FUNCTION pixy.v1_forget(of_app text, of_key text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM pixy.hints WHERE app = of_app AND key = of_key;
END $$;

CREATE OR REPLACE FUNCTION pixy.v1_of_owner(of_app text, of_owner text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT h.key FROM pixy.hints h
    WHERE h.app = of_app AND h.owner = of_owner AND h.expires_at > pixy.v1_now();
END $$;

CREATE OR REPLACE FUNCTION pixy.v1_due(of_app text, within_ms bigint, at_most bigint) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE moment bigint := pixy.v1_now();
BEGIN
  RETURN QUERY SELECT h.key FROM pixy.hints h
    WHERE h.app = of_app AND h.due_at <= moment + within_ms AND h.expires_at > moment ORDER BY h.due_at LIMIT at_most;
END $$;

CREATE OR REPLACE FUNCTION pixy.v1_epoch(of_app text, of_owner text) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN coalesce((SELECT count FROM pixy.epochs
    WHERE app = of_app AND owner = of_owner AND expires_at > pixy.v1_now()), 0);
END $$;

-- The count is the time, so that it is above every earlier one also where that was forgotten, or lost in a failover.
CREATE OR REPLACE FUNCTION pixy.v1_advance(of_app text, of_owner text, ttl bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE moment bigint := pixy.v1_now(); answer bigint;
BEGIN
  INSERT INTO pixy.epochs AS e VALUES (of_app, of_owner, moment, moment + ttl)
    ON CONFLICT (app, owner) DO UPDATE
    SET count = greatest(e.count + 1, excluded.count), expires_at = greatest(e.expires_at, excluded.expires_at)
    RETURNING e.count INTO answer;
  DELETE FROM pixy.epochs WHERE (app, owner) IN (SELECT app, owner FROM pixy.epochs
    WHERE expires_at <= moment ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED);
  RETURN answer;
END $$;
COMMIT;
`;
