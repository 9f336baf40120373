import { styles } from "example-shared/styles";
import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";

export const metadata: Metadata = { title: "Pixy keeps you logged in", icons: { icon: "data:," } };

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, which React would escape. */}
        <style dangerouslySetInnerHTML={{ __html: styles }} />
      </head>
      <body>
        <div className="page">
          <header className="brand">
            <strong>
              <Link href="/">Pixy</Link>
            </strong>
            <span>on Next.js</span>
          </header>
          <main className="card">{children}</main>
        </div>
      </body>
    </html>
  );
}
