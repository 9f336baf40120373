/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * `Data` where JSON keeps it as it is, an `interface` too; `never` in the place of what it does not keep, such as a
 * `Date`, a `Map` or a function.
 */
export type JsonOf<Data> = Data extends Json | undefined
  ? Data
  : Data extends bigint | symbol | ((...given: never) => unknown)
    ? never
    : Data extends object
      ? { [Name in keyof Data]: JsonOf<Data[Name]> }
      : never;
