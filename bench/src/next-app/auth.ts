import { type PixyOptions, pixy } from "@pixy/next";
import { spotify } from "@pixy/providers/spotify";

export const options = (): PixyOptions<{ name: string }> => ({
  provider: spotify,
  clientId: "bench",
  baseUrl: process.env.BASE_URL ?? "",
  secret: process.env.SESSION_SECRET ?? "",
  scope: ["user-read-private"],
  onLogin: () => ({ name: "" }),
});

export const auth = pixy(options);
