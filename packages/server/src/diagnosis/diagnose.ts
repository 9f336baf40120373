import type { PixyOptions } from "../settings/options.ts";
import type { Profile } from "../settings/profile.ts";
import { checkProviders } from "./check-provider.ts";
import { checkSettings } from "./check-settings.ts";
import { checkSite } from "./check-site.ts";
import { checkStore } from "./check-store.ts";
import type { Finding } from "./finding.ts";

/**
 * Finds out whether logins can work with these options, from here and now: the options themselves, the running app at
 * `baseUrl`, the provider and its clock, the session store. Starts a login or two that nobody finishes, and writes one
 * record that it deletes. Never throws for what it finds; takes 40 seconds at most.
 *
 * @example
 * for (const { level, message, hint } of await diagnose(options)) console.log(level, message, hint ?? "");
 */
export async function diagnose<Data = Profile | null>(options: PixyOptions<Data>): Promise<readonly Finding[]> {
  const { settings, findings } = checkSettings(options);
  if (settings === null) return findings;
  const found = await Promise.all([checkSite(settings), checkProviders(settings), checkStore(settings)]);
  return [...findings, ...found.flat()];
}
