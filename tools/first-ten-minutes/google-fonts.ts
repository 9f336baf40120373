import { fileURLToPath } from "node:url";

/** Tells whether `next build` can fetch the fonts that create-next-app's template asks for. */
export async function reachesGoogleFonts(): Promise<boolean> {
  const signal = AbortSignal.timeout(10_000);
  const answer = await fetch("https://fonts.googleapis.com/css2?family=Geist", { signal }).catch(() => undefined);
  return answer?.ok === true;
}

/** What a build without Google needs in its environment: styles that name the fonts and load none. */
export const withoutGoogleFonts = {
  NEXT_FONT_GOOGLE_MOCKED_RESPONSES: fileURLToPath(new URL("google-fonts.cjs", import.meta.url)),
};
