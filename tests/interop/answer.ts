/** A token endpoint's answer in a few words: `200`, `400 invalid_grant`, `400 without a body`. */
export function answerOf(status: number, text: string): string {
  if (status === 200) return "200";
  if (text === "") return `${status} without a body`;
  const [, error = "without an error"] = /^\s*\{.*"error"\s*:\s*"([^"]+)"/s.exec(text) ?? [];
  return `${status} ${error}`;
}
