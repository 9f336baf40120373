import Link from "next/link";

/** The same for everybody, so Next builds it once and caches may keep it. */
export default function About() {
  return (
    <>
      <h1>About this app</h1>
      <p className="lead">This page knows nothing about you. It was built once, and a cache may keep it.</p>
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
