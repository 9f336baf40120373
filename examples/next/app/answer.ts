import { readProviderAnswer } from "example-shared/provider-answer";

/** Hands on what the provider's API answered. */
export async function answer(response: Response): Promise<Response> {
  const { status, body, headers } = await readProviderAnswer(response);
  return Response.json(body, { status, headers });
}
