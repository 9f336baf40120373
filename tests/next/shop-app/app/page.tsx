import { Suspense } from "react";
import { auth } from "../auth.ts";
import { Who } from "./who.tsx";

export default function Home() {
  return (
    <>
      <h1>Shop</h1>
      <Suspense fallback={<p>…</p>}>
        <Greeting />
      </Suspense>
      <Who />
    </>
  );
}

async function Greeting() {
  const session = await auth.session();
  return <p>{session === null ? "Hello, stranger." : `Hello, ${session.data.displayName}.`}</p>;
}
