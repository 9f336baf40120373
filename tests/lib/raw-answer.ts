import { request as send } from "node:http";

export interface RawAnswer {
  readonly status: number;
  /** Octets of the status line and all headers, those of the framework and of Node among them. */
  readonly headerOctets: number;
  readonly bodyOctets: number;
  readonly location: string | null;
  /** Set-Cookie lines, in order. */
  readonly setCookies: readonly string[];
}

/** Sends one request as it is written, and weighs the answer as it came over the wire. */
export function askRaw(
  url: string,
  { method = "GET", headers = {} }: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const asked = send(url, { method, headers, agent: false, maxHeaderSize: 1024 * 1024 }, (answer) => {
      let bodyOctets = 0;
      answer.on("data", (chunk: Buffer) => {
        bodyOctets += chunk.length;
      });
      answer.on("error", reject);
      answer.on("end", () => {
        const { rawHeaders, statusCode = 0, statusMessage = "" } = answer;
        const text = rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
        resolve({
          status: statusCode,
          headerOctets: `HTTP/1.1 ${statusCode} ${statusMessage}\r\n\r\n`.length + text,
          bodyOctets,
          location: answer.headers.location ?? null,
          setCookies: answer.headers["set-cookie"] ?? [],
        });
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}
