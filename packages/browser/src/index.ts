// The page's side of the login

export type { DataOf, PageSession, PageState, SessionAnswer } from "./page-session.ts";
export { type LogoutOptions, type PageAuth, type PageLoginOptions, type PageOptions, pixy } from "./pixy.ts";
