/** Appends an item; once there are more than `most`, the oldest tenth goes. */
export function pushLatest<Item>(list: Item[], item: Item, most: number): void {
  list.push(item);
  if (list.length > most) list.splice(0, list.length - most + Math.floor(most / 10));
}

/** Adds a value under a new key; once there are more than `most`, the oldest tenth goes. */
export function setLatest<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.set(key, value);
  if (map.size <= most) return;
  const kept = most - Math.floor(most / 10);
  for (const oldest of map.keys()) {
    if (map.size <= kept) return;
    map.delete(oldest);
  }
}
