import { Suspense } from "react";
import { forget } from "./forget.ts";
import { lists } from "./lists.ts";

export default function Lists() {
  return (
    <Suspense fallback={<p>…</p>}>
      <Own />
      <form action={forget}>
        <button type="submit">Forget</button>
      </form>
    </Suspense>
  );
}

async function Own() {
  return <output>{await lists()}</output>;
}
