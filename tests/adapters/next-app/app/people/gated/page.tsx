/** A static page, which `proxy.ts` shows to those only who are logged in. */
export default function Gated() {
  return <h1>Behind the gate</h1>;
}
