/** The two people who can log in at the test server. */
export type PersonName = "ada" | "grace";

/** What a person does with the login page. */
export type Decision = PersonName | "deny";

export interface Person {
  readonly name: PersonName;
  readonly displayName: string;
  /** The person's id at the provider. */
  readonly id: string;
  /** The id at a provider that numbers people. */
  readonly number: number;
  readonly email: string;
  readonly picture: string;
  readonly playlists: readonly string[];
}

export const people: Readonly<Record<PersonName, Person>> = Object.freeze({
  ada: {
    ...{ name: "ada", displayName: "Ada Lovelace", id: "ada-1815", number: 1815 },
    ...{ email: "ada@people.example", picture: "https://people.example/ada.png" },
    playlists: ["Notes on the Engine", "Bernoulli"],
  },
  grace: {
    ...{ name: "grace", displayName: "Grace Hopper", id: "grace-1906", number: 1906 },
    ...{ email: "grace@people.example", picture: "https://people.example/grace.png" },
    playlists: ["Nanoseconds"],
  },
});

/** Returns the decision that a string names, or null. */
export function readDecision(value: string | null | undefined): Decision | null {
  return value === "ada" || value === "grace" || value === "deny" ? value : null;
}

/** Returns a person as Spotify's `/v1/me` describes one (development mode, 2026: no email, no product). */
export function profileOf(person: Person): Record<string, unknown> {
  return {
    account_id: `account-${person.id}`,
    display_name: person.displayName,
    external_urls: { spotify: `https://open.spotify.com/user/${person.id}` },
    href: `https://api.spotify.com/v1/users/${person.id}`,
    id: person.id,
    images: [],
    type: "user",
    uri: `spotify:user:${person.id}`,
  };
}

/** Returns a person's playlists as Spotify's `/v1/me/playlists` does. */
export function playlistsOf(person: Person): Record<string, unknown> {
  const items = person.playlists.map((name, index) => ({
    id: `${person.id}-${index + 1}`,
    name,
    public: false,
    type: "playlist",
    owner: { id: person.id, display_name: person.displayName },
  }));
  return { items, limit: 20, next: null, offset: 0, previous: null, total: items.length };
}
