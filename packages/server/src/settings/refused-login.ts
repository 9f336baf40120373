import { refuseOption } from "./option-values.ts";

/** What `login.refuse(…)` gives, for `onLogin` to return: this person does not get in. */
export class RefusedLogin {
  // Makes it a type of its own: no data of an app is one by accident.
  readonly #reason: string;

  /** Throws `ConfigurationError` for a reason of another form. */
  constructor(reason: string) {
    if (typeof reason !== "string" || !/^[a-z0-9_]{1,64}$/.test(reason)) {
      throw refuseOption(
        "reason",
        'Give a code of your own to login.refuse, such as "not_invited": 1 to 64 of a-z, 0-9 and _.',
      );
    }
    this.#reason = reason;
  }

  get reason(): string {
    return this.#reason;
  }
}
