import { nameOf } from "../name-of.ts";

export async function GET() {
  const name = await nameOf();
  const events = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(`data: ${name}\n\n`)),
  });
  return new Response(events, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" },
  });
}
