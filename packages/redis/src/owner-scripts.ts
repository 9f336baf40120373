/**
 * Index and epochs, in Lua. Times are Redis' own.
 *
 * A part of the index is four keys with one hash tag, so in one slot: what is noted of a record (`notes`, its owner), and
 * three sorted sets of records: by owner (`owners`, in the order of their names), by the moment in which they are due
 * (`dues`) and in which they end (`ends`). Each lives as long as the record in it that ends last.
 */
const prelude = `
local notes, owners, dues, ends = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The length keeps apart an owner and a key that begins as another owner ends.
local function belongs(owner) return string.format("%d:%s:", #owner, owner) end

local function forget(key)
  local owner = redis.call("HGET", notes, key)
  if not owner then return end
  redis.call("HDEL", notes, key)
  redis.call("ZREM", dues, key)
  redis.call("ZREM", ends, key)
  if owner ~= "" then redis.call("ZREM", owners, belongs(owner) .. key) end
end

-- At most so many at once: nobody waits for more.
local function sweep(limit)
  for _, key in ipairs(redis.call("ZRANGEBYSCORE", ends, "-inf", now, "LIMIT", 0, limit)) do forget(key) end
end

local function lives(key) return tonumber(redis.call("ZSCORE", ends, key) or 0) > now end
`;

const script = (body: string): string => `${prelude}${body}`;

/** ARGV: key, owner (empty for nobody), due (empty for never), ttl. A full Redis refuses a record that is not noted yet. */
export const add: string = script(`
local key, owner, due, ttl = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
forget(key)
redis.call("HSET", notes, key, owner)
redis.call("ZADD", ends, now + ttl, key)
if due ~= "" then redis.call("ZADD", dues, now + due, key) end
if owner ~= "" then redis.call("ZADD", owners, 0, belongs(owner) .. key) end
for _, part in ipairs(KEYS) do
  if redis.call("PTTL", part) < ttl then redis.call("PEXPIRE", part, ttl) end
end
sweep(100)
`);

/** ARGV: key. */
export const remove: string = script(`forget(ARGV[1])`);

/** ARGV: owner. Replies with keys. */
export const ofOwner: string = script(`
local start, found = belongs(ARGV[1]), {}
for _, member in ipairs(redis.call("ZRANGEBYLEX", owners, "[" .. start, "(" .. start .. "\\255")) do
  local key = string.sub(member, #start + 1)
  if lives(key) then found[#found + 1] = key end
end
return found
`);

/** ARGV: within, limit. Replies with a key and its moment, as text, in turns, the earliest first. */
export const dueWithin: string = script(`
local found, limit, offset = {}, tonumber(ARGV[2]), 0
sweep(1000)
while #found < 2 * limit do
  local page = redis.call("ZRANGEBYSCORE", dues, "-inf", now + ARGV[1], "WITHSCORES", "LIMIT", offset, limit)
  if #page == 0 then break end
  for i = 1, #page, 2 do
    if lives(page[i]) and #found < 2 * limit then
      found[#found + 1] = page[i]
      found[#found + 1] = page[i + 1]
    end
  end
  offset = offset + limit
end
return found
`);

/** KEYS: the epoch. Replies with its count. */
export const epochOf: string = `return redis.call("GET", KEYS[1]) or "0"`;

/**
 * KEYS: the epoch; ARGV: ttl. Replies with the new count: the time, so that it is above every earlier one also where that
 * was forgotten, or lost in a failover.
 */
export const advanceEpoch: string = `
local time = redis.call("TIME")
local count = math.max(tonumber(redis.call("GET", KEYS[1]) or 0) + 1, time[1] * 1000 + math.floor(time[2] / 1000))
local left = redis.call("PTTL", KEYS[1])
redis.call("SET", KEYS[1], string.format("%.0f", count), "PX", math.max(left, tonumber(ARGV[1])))
return string.format("%.0f", count)
`;
