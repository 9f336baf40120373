import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";

// Nobody is asked for an icon, which is not there.
export const metadata: Metadata = { icons: { icon: "data:," } };

const paths = ["/", "/profile", "/account", "/lists", "/playlists", "/auth/login"];

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <nav>
          {paths.map((path) => (
            <Link key={path} href={path}>
              {path}
            </Link>
          ))}
        </nav>
        {children}
      </body>
    </html>
  );
}
