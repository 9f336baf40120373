"use client";

import { useEffect, useState } from "react";

/** Asks a Route Handler from the browser. */
export function FromScript({ url }: { readonly url: string }) {
  const [status, setStatus] = useState("…");
  useEffect(() => {
    const controller = new AbortController();
    fetch(url, { signal: controller.signal }).then(
      (answer) => setStatus(`answered ${answer.status}`),
      () => setStatus("did not answer"),
    );
    return () => controller.abort();
  }, [url]);
  return (
    <div>
      <dt>{url}</dt>
      <dd>{status}</dd>
    </div>
  );
}
