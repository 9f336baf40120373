/** Octets: a code of 16 KiB with everything that comes with it. */
const longest = 32 * 1024;
const mostParameters = 100;

/** Reads the query of a request to one of our routes; a longer one, or one with more than 100 parameters, as none at all. */
export function readQuery(url: string): URLSearchParams {
  const start = url.indexOf("?") + 1;
  const query = start === 0 ? "" : url.slice(start);
  return new URLSearchParams(query.length <= longest && hasFew(query) ? query : "");
}

function hasFew(query: string): boolean {
  let count = 1;
  for (let next = query.indexOf("&"); next !== -1 && count <= mostParameters; next = query.indexOf("&", next + 1)) {
    count++;
  }
  return count <= mostParameters;
}
