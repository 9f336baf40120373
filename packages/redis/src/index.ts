export type { RedisSubscriber } from "./redis-changes.ts";
export {
  fromIoredis,
  fromNodeRedis,
  type IoredisClient,
  type NodeRedisClient,
  type RedisClient,
} from "./redis-client.ts";
export { type RedisStoreOptions, redisStore } from "./redis-store.ts";
