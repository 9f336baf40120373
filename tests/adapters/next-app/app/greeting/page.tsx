import { redirect } from "next/navigation";
import { greet } from "./actions";

async function say(): Promise<void> {
  "use server";
  const { data, serverError } = await greet();
  redirect(`/public?${new URLSearchParams({ said: data ?? serverError ?? "nothing" })}`);
}

export default function Greeting() {
  return (
    <form action={say}>
      <button type="submit">Say</button>
    </form>
  );
}
