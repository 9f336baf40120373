import { RequestError } from "../errors.ts";
import type { IncomingRequest } from "./incoming-request.ts";

/** Octets of the longest form that is read. */
export const longestForm = 16_384;
const mostFields = 100;

/**
 * Reads the form that was posted, once.
 *
 * @throws RequestError `form_unusable` for another type, for more than 16 kB or 100 fields, and for what somebody else has read
 */
export async function formOf(request: IncomingRequest): Promise<URLSearchParams> {
  const type = request.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw unusable(415, "is no form");
  if (Number(request.header("content-length") ?? 0) > longestForm) throw unusable(413, "is too long");
  const form = await request.form?.(longestForm);
  if (form === undefined) throw unusable(415, "cannot be read by this adapter");
  if (form === null) throw unusable(413, "is too long, or was read already");
  // A parser of the app's may have had a larger limit; and what is made of a field is larger than the field.
  const fields = [...form].map(([name, value]) => name + value);
  if (fields.length > mostFields || fields.join("").length > longestForm) throw unusable(413, "is too long");
  return form;
}

function unusable(status: 413 | 415, why: string): RequestError {
  return new RequestError(`The body ${why}.`, {
    code: "form_unusable",
    status,
    hint: "Post one application/x-www-form-urlencoded form of at most 16 kB and 100 fields.",
  });
}
