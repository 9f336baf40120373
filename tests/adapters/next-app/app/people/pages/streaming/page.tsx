import { Suspense } from "react";
import { nameOf } from "../../name-of.ts";

export default function Streaming() {
  return (
    <Suspense fallback="…">
      <Name />
    </Suspense>
  );
}

async function Name() {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return <h1>{await nameOf()}</h1>;
}
