import Link from "next/link";
import { Who } from "./who.tsx";

/** The same for everybody, so Next builds it once and caches may keep it. */
export default function About() {
  return (
    <>
      <h1>About this app</h1>
      <p className="lead">This page was built once, and a cache may keep it. Who you are is asked by a script.</p>
      <Who />
      <ul className="links">
        <li>
          <Link href="/profile">
            <code>/profile</code>
            <span>knows you</span>
          </Link>
        </li>
      </ul>
    </>
  );
}
