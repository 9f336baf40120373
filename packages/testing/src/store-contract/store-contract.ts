import type { RecordStore } from "@pixy/grants";

/** A fresh store for one test. */
export interface StoreUnderTest {
  readonly store: RecordStore;
  /** Moves the store's clock by so many milliseconds; without it the tests use short leases and wait until they end. */
  readonly advance?: (milliseconds: number) => Promise<void> | void;
  /** Gives up what `create` opened. */
  readonly close?: () => Promise<void>;
}

type Create = () => Promise<StoreUnderTest> | StoreUnderTest;

export interface StoreContract {
  /** The name under which the tests are listed. */
  readonly name: string;
  readonly create: Create;
  /** Stores with room for so few sessions, three or more, that the tests can fill them; where such can be made. */
  readonly small?: { readonly room: number; readonly create: Create };
}
