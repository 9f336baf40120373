import { type DataOf, pixy as page } from "@pixy/browser";
import { useSession } from "@pixy/browser/react";
import { pixy as onExpress } from "@pixy/express";
import { pixy as onHono } from "@pixy/hono";
import { pixy as onNext } from "@pixy/next";
import { spotify } from "@pixy/providers/spotify";

const client = { provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" };
const onLogin = () => ({ name: "Ada", visits: 1 });

const next = onNext(() => ({ ...client, onLogin, publicData: ({ name }) => ({ name }) }));
const express = onExpress({ ...client, onLogin, publicData: true });
const hono = onHono({ ...client, publicData: true });

// @ts-expect-error: pages get a part of the session's data, and nothing else.
onNext(() => ({ ...client, onLogin, publicData: () => ({ token: "" }) }));

export function useNames(): readonly unknown[] {
  const { data } = useSession<typeof next>();
  const name: string | undefined = data?.name;
  const visits: number | undefined = useSession<typeof express>().data?.visits;
  const picture: string | null | undefined = useSession<typeof hono>().data?.picture;
  const own: string | undefined = useSession<{ own: string }>().data?.own;
  // @ts-expect-error: a typo.
  const typo = data?.nmae;
  // @ts-expect-error: it may be absent.
  const surely: string = data.name;
  return [name, visits, picture, own, typo, surely];
}

export const auth = page<DataOf<typeof next>>();

export async function session(): Promise<readonly unknown[]> {
  // @ts-expect-error: nobody may be logged in.
  const early = (await auth.session()).data;
  return [(await auth.session())?.data?.name, early];
}
