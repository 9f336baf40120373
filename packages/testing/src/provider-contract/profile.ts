import { equal } from "../contract/assertion.ts";
import { families } from "../families/families.ts";
import { people } from "../state/people.ts";
import type { ProviderContract } from "./provider-contract.ts";
import type { Row } from "./row.ts";

function absent({ provider, as }: ProviderContract): string | null {
  if (families[as].describes === null) return "its API has no answer about the person";
  return provider.profile !== undefined ? null : "the preset has no profile";
}

export const profileRows: readonly Row[] = [
  {
    cell: "profile",
    promise: "a profile says who the person is, in the words of the API",
    absent,
    async run(stage) {
      const browser = await stage.login();
      equal(await stage.person(browser), stage.family.describes?.(people.ada));
    },
  },
];
