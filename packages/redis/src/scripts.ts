/**
 * The last parameter of each script but `touch` is the channel on which changes are told.
 *
 * The atomic steps, in Lua: `step` of `@pixy/grants`, on a hash. A record is one hash under one key with a time to live:
 * lease, fence and intents are fields of the record itself, so that nothing can be evicted, expire or fail over apart
 * from the rest, and every step stays within one slot of a cluster.
 *
 * Times are Redis' own. A fence is the time in milliseconds, or one more than the last where that is not higher: after
 * a failover that lost the last writes the next fence is still above every one that a paused worker may hold.
 *
 * A note belongs to the fence that stood when it was written (`noted`).
 *
 * Processes of the first release may run on the same keys, and know nothing of notes. Their records have no `start`:
 * every fence belongs to them. Of a deleted record `issued` is left without `fence`, which they take for no record, and
 * `ended`, so that a touch does not prolong it.
 */
const prelude = `
local key = KEYS[1]
local channel = table.remove(ARGV)
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function load()
  local field = redis.call("HMGET", key, "fence", "issued", "sealed", "ended", "pause", "note", "intents",
    "lease", "leased", "owner", "start", "noted")
  if not field[1] then return nil end
  return {
    fence = tonumber(field[1]), issued = tonumber(field[2]), sealed = field[3], ended = field[4] and 1 or 0,
    pause = tonumber(field[5] or 0), note = field[12] == field[1] and field[6], intents = field[7] or "",
    lease = tonumber(field[8] or 0), leased = tonumber(field[9] or 0), owner = field[10],
    start = tonumber(field[11] or 0)
  }
end

local function intents(record, except)
  local list = {}
  for fence, till in string.gmatch(record.intents, "(%d+):(%d+)") do
    fence, till = tonumber(fence), tonumber(till)
    if fence ~= except and till > now then list[#list + 1] = { fence, till } end
  end
  return list
end

local function note(list)
  local texts = {}
  for i, intent in ipairs(list) do texts[i] = string.format("%.0f:%.0f", intent[1], intent[2]) end
  return table.concat(texts, " ")
end

local function view(record, reply, except)
  local fields = { record.sealed, record.fence, record.ended, math.max(0, record.pause - now), record.note }
  for i = 1, 5 do reply[#reply + 1] = fields[i] end
  for _, intent in ipairs(intents(record, except)) do
    reply[#reply + 1] = intent[1]
    reply[#reply + 1] = intent[2] - now
  end
  return reply
end

-- Deletes before it writes: Redis lets a script that began with a deletion go on when its memory is full, and the
-- token that a commit brings may be the only one that works.
local function settle(record, fence)
  redis.call("HDEL", key, "intents")
  if record.lease == fence then redis.call("HDEL", key, "lease", "leased", "owner") end
  local others = intents(record, fence)
  if #others > 0 then redis.call("HSET", key, "intents", note(others)) end
end

local function outlive(ttl)
  if redis.call("PTTL", key) < ttl then redis.call("PEXPIRE", key, ttl) end
end

-- Whoever may not publish has no cache either: its first message to itself would not come back.
local function tell() redis.pcall("PUBLISH", channel, key) end
`;

const script = (body: string): string => `${prelude}${body}`;

// A new generation: no fence of what stood here before writes into it.
const begin = `
local start = math.max(tonumber(redis.call("HGET", key, "issued") or 0), now)
local fields = { "fence", 0, "issued", start, "start", start, "sealed", ARGV[1] }
`;

/** ARGV: sealed, ttl. A full Redis refuses it. */
export const create: string = script(`
local record = load()
if record then return record.fence == 0 and record.sealed == ARGV[1] and "created" or "exists" end
${begin}
redis.call("HSET", key, unpack(fields))
redis.call("HDEL", key, "ended")
redis.call("PEXPIRE", key, ARGV[2])
tell()
return "created"
`);

/** ARGV: sealed, ttl. A full Redis refuses it where nothing stands: a deletion before the write would let it through. */
export const replace: string = script(`
${begin}
if redis.call("EXISTS", key) == 1 then redis.call("DEL", key) end
redis.call("HSET", key, unpack(fields))
redis.call("PEXPIRE", key, ARGV[2])
tell()
`);

/** Replies with nothing, or with the record: time to live, sealed, fence, ended, pause, note, then fence and time per intent. */
export const read: string = script(`
local record = load()
return record and view(record, { redis.call("PTTL", key) })
`);

/**
 * ARGV: lease, intent, owner. A client may send a command again whose answer was lost; the owner tells that from a
 * second worker, and gets the lease that it already has.
 */
export const acquire: string = script(`
local record = load()
if not record then return { "gone" } end
local lease, intent, owner = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
if record.leased > now then
  if record.owner ~= owner then return { "held", record.leased - now } end
  return view(record, { "acquired", record.lease }, record.lease)
end
local fence = math.max(record.issued + 1, now)
local list = intents(record)
list[#list + 1] = { fence, now + intent }
redis.call("HSET", key, "issued", fence, "lease", fence, "leased", now + lease, "owner", owner, "intents", note(list))
outlive(intent)
tell()
return view(record, { "acquired", fence })
`);

/** ARGV: fence, ttl, sealed; without sealed the record ends. */
export const write: string = script(`
local record = load()
local fence, ttl, sealed = tonumber(ARGV[1]), ARGV[2], ARGV[3]
if not record or fence <= record.start then return "gone" end
settle(record, fence)
if fence == record.fence and record.sealed == (sealed or false) then return "committed" end
if fence <= record.fence then return "superseded" end
redis.call("HDEL", key, "pause", "note", "noted", "failures", "ended", "sealed")
redis.call("HSET", key, "fence", fence, "issued", math.max(record.issued, fence))
if sealed then redis.call("HSET", key, "sealed", sealed) else redis.call("HSET", key, "ended", 1) end
redis.call("PEXPIRE", key, ttl)
tell()
return "committed"
`);

/** ARGV: fence, pause, note; an empty one stays as it is. */
export const release: string = script(`
local record = load()
local fence, pause, noted = tonumber(ARGV[1]), ARGV[2], ARGV[3]
if not record or fence <= record.start then return end
settle(record, fence)
if fence < record.fence then return end
if noted ~= "" then redis.call("HSET", key, "note", noted, "noted", record.fence) end
if pause ~= "" then
  redis.call("HSET", key, "pause", now + pause)
  outlive(tonumber(pause))
end
tell()
`);

/** ARGV: ttl. What has ended is remembered no longer for being asked for. */
export const touch: string = `
if redis.call("HEXISTS", KEYS[1], "ended") == 0 then redis.call("PEXPIRE", KEYS[1], ARGV[1]) end
`;

/**
 * Replies with nothing, or with what it has deleted, as `read` does but for the time to live. The fences are remembered for a
 * minute, so that no late write takes a new record for its own.
 */
export const remove: string = script(`
local record = load()
if not record then return end
redis.call("DEL", key)
if record.issued > record.start or record.start > now then
  redis.call("HSET", key, "issued", record.issued, "ended", 1)
  redis.call("PEXPIRE", key, 60000)
end
tell()
return view(record, {})
`);

/** ARGV: channel, message. */
export const publish: string = `return redis.call("PUBLISH", ARGV[1], ARGV[2])`;
