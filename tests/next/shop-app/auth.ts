import "server-only";
import { pixy } from "@pixy/next";
import { readEnvironment } from "example-shared/environment";

export const auth = pixy(() => {
  const { provider, clientId, baseUrl, secret } = readEnvironment(process.env, { port: 3002 });
  return {
    ...{ provider, clientId, baseUrl, secret, name: "pixy-next", longestPause: 10, scope: ["user-read-private"] },
    publicData: ({ displayName }: Person) => ({ displayName }),
    async onLogin(login): Promise<Person> {
      const { name, id } = await login.profile();
      return { id, displayName: name ?? id };
    },
  };
});

interface Person {
  readonly id: string;
  readonly displayName: string;
}
