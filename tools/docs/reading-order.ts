/** The order in which the site has its pages: as somebody reads them who comes to use the thing. */
export interface Chapter {
  readonly title: string;
  /** Paths from the root of the repository. */
  readonly pages: readonly string[];
}

export const chapters: readonly Chapter[] = [
  {
    title: "Use",
    pages: [
      "docs/getting-started-express.md",
      "docs/getting-started-next.md",
      "docs/getting-started-hono.md",
      "docs/reference.md",
      "docs/sessions-and-stores.md",
      "docs/acting-while-away.md",
      "docs/company-login.md",
      "docs/command-lines-and-desktop.md",
      "docs/testing-your-app.md",
      "docs/coming-from-auth-js.md",
      "docs/coming-from-express-openid-connect.md",
      "docs/coming-from-passport.md",
      "docs/coming-from-spotify-sdk.md",
      "docs/coming-from-arctic.md",
      "docs/from-spotifyapi-net.md",
      // Whatever no chapter names.
      "docs/*.md",
    ],
  },
  { title: "Providers", pages: ["docs/other-providers.md", "docs/providers/*.md"] },
  {
    title: "Operate",
    pages: [
      "docs/deployment.md",
      "docs/scaling.md",
      "docs/errors.md",
      "docs/bounds.md",
      "docs/counts.md",
      "SECURITY.md",
    ],
  },
  {
    title: "Understand",
    pages: [
      "docs/architecture.md",
      "docs/beside-other-libraries.md",
      "docs/vocabulary.md",
      "docs/the-three-examples.md",
      "docs/checks.md",
      "bench/results.md",
      "tests/security/threats.md",
      "docs/decisions/*.md",
    ],
  },
  { title: "Contribute", pages: ["CONTRIBUTING.md", "docs/writing-an-adapter.md"] },
  { title: "Packages", pages: ["packages/*/README.md"] },
];
