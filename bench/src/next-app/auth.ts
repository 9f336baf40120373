import { type PixyOptions, pixy, spotify } from "@pixy/next";

export const options = (): PixyOptions<{ name: string }> => ({
  provider: spotify,
  clientId: "bench",
  baseUrl: process.env.BASE_URL ?? "",
  secret: process.env.SESSION_SECRET ?? "",
  scope: ["user-read-private"],
  onLogin: () => ({ name: "" }),
});

export const auth = pixy(options);
