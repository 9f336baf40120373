import { loginErrorText, timeUntil } from "example-shared/page";
import Link from "next/link";
import { auth } from "../auth.ts";
import nextConfig from "../next.config.ts";

interface Properties {
  readonly searchParams: Promise<{ readonly auth_error?: string | string[] }>;
}

/** Shows the session and never asks the provider. */
export default async function Home({ searchParams }: Properties) {
  const session = await auth.session();
  const { auth_error: loginError } = await searchParams;
  return (
    <>
      {typeof loginError === "string" && (
        <p className="notice" role="status">
          {loginErrorText(loginError)}
        </p>
      )}
      <h1>{session === null ? "Pixy keeps you logged in" : `Hello, ${session.data.displayName}`}</h1>
      {session === null ? <SignedOut /> : <SignedIn expiresAt={session.expiresAt} reauthDueAt={session.reauthDueAt} />}
    </>
  );
}

function SignedOut() {
  return (
    <>
      <p className="lead">
        Log in once. Your session is sealed, its access token renews itself, and you stay logged in.
      </p>
      <p className="actions">
        <Link className="button" href="/auth/login">
          Log in with Spotify
        </Link>
      </p>
      <h2>Without a login</h2>
      <Links
        links={[
          ["/public", "answers everybody"],
          ["/auth/session", "says that nobody is here"],
          ["/about", "a static page"],
          ["/profile", "sends you to the login first"],
        ]}
      />
    </>
  );
}

interface Lifetimes {
  readonly expiresAt: Date | null;
  readonly reauthDueAt: Date | null;
}

function SignedIn({ expiresAt, reauthDueAt }: Lifetimes) {
  return (
    <>
      <p className="lead">You are logged in, and your access token renews itself.</p>
      <dl className="facts">
        <div>
          <dt>Access token</dt>
          <dd>{expiresAt === null ? "has no known end" : <When word={tense(expiresAt)} date={expiresAt} />}</dd>
        </div>
        <div>
          <dt>New login</dt>
          <dd>{reauthDueAt === null ? "never due" : <When word="due" date={reauthDueAt} />}</dd>
        </div>
      </dl>
      <h2>With your login</h2>
      <Links
        links={[
          ["/profile", "a page, its components and a Server Action"],
          ["/me", "your profile, as the provider tells it"],
          ["/playlists", "asks for one more permission"],
          ["/auth/session", "what a script may know"],
          ["/about", "a static page"],
        ]}
      />
      <div className="actions">
        <form method="post" action={`${nextConfig.basePath}/auth/logout`}>
          <button type="submit" className="button quiet">
            Log out
          </button>
        </form>
      </div>
    </>
  );
}

function Links({ links }: { readonly links: readonly (readonly [path: `/${string}`, text: string])[] }) {
  return (
    <ul className="links">
      {links.map(([path, text]) => (
        <li key={path}>
          <Link href={path}>
            <code>{path}</code>
            <span>{text}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function When({ word, date }: { readonly word: string; readonly date: Date }) {
  const text = date.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  return (
    <>
      {word} {timeUntil(date, Date.now())}{" "}
      <small>
        <time dateTime={date.toISOString()}>{text} UTC</time>
      </small>
    </>
  );
}

function tense(expiresAt: Date): string {
  // An expired token is no trouble: the next request that needs one renews it.
  return expiresAt.getTime() > Date.now() ? "expires" : "expired";
}
