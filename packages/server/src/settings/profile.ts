/** Who somebody is at a provider (cf. OpenID Connect Core section 5.1). Each text has 512 octets at most. */
export interface Profile {
  /** Names the person for good, at this provider and with this client id; never an e-mail address. */
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  /** `null` where the provider does not say. */
  readonly emailVerified: boolean | null;
  /** An https URL. */
  readonly picture: string | null;
}

/** The same with all that the provider answered. */
export interface FullProfile extends Profile {
  readonly raw: Readonly<Record<string, unknown>>;
}
