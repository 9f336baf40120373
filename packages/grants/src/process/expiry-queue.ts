/** Something that ends. */
export interface Expiring {
  /** The moment, on the clock of whoever keeps it. Changed only while it is in no queue. */
  until: number;
  /** Its place in the queue; the queue's own. */
  place: number;
}

/** Keeps what ends, the next to end in front. Each step takes as long as the number of items has digits; none walks through all. */
export class ExpiryQueue<Item extends Expiring> {
  // A binary heap: the two below place n are 2n + 1 and 2n + 2, and neither ends before it.
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The item that ends next. */
  get first(): Item | undefined {
    return this.#items[0];
  }

  add(item: Item): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  /** Takes an item out that is in this queue. */
  remove(item: Item): void {
    const last = this.#items.pop() as Item;
    if (last === item) return;
    if (last.until < item.until) this.#rise(last, item.place);
    else this.#sink(last, item.place);
  }

  #rise(item: Item, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#items[above] as Item;
      if (parent.until <= item.until) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(item, place);
  }

  #sink(item: Item, from: number): void {
    let place = from;
    for (;;) {
      const left = place * 2 + 1;
      const right = this.#items[left + 1];
      let next = this.#items[left];
      // Where there is a right one, there is a left one.
      if (right !== undefined && right.until < (next as Item).until) next = right;
      if (next === undefined || next.until >= item.until) break;
      const below = next.place;
      this.#put(next, place);
      place = below;
    }
    this.#put(item, place);
  }

  #put(item: Item, place: number): void {
    this.#items[place] = item;
    item.place = place;
  }
}
