#!/usr/bin/env node
import { parseArgs } from "node:util";
import { CallbackError, PixyError, printable } from "@pixy/core";
import { type LoginPrompt, type LoginWay, pixy, processTerminal, writePrompt } from "@pixy/native";
import { Scopes } from "@pixy/providers/spotify";
import { AnswerError, commands, exitCodes } from "./commands.ts";
import { EnvironmentError, readEnvironment } from "./environment.ts";
import { coloursFor } from "./output.ts";
import { showProgress } from "./progress.ts";

const help = `now-playing COMMAND [--json]

  login      logs in with the browser; --device or --paste for another way, --again for another person
  whoami     says who is logged in
  playlists  lists the person's playlists
  status     says whether somebody is logged in, without asking the provider; exit code 4 where nobody is
  logout     ends the login

Exit codes: 0 done, 1 failed, 2 wrong usage, 4 nobody is logged in, 75 the provider is away, 130 Ctrl-C.
`;

const errors = { isTerminal: Boolean(process.stderr.isTTY), variables: process.env };
const screen = { ...errors, write: (text: string) => void process.stderr.write(text) };

process.exitCode = await main();
// Whatever is left, such as a connection that is kept open, is nobody's any more.
process.stdout.write("", () => process.exit());

async function main(): Promise<number> {
  let end = () => {};
  let json = false;
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        device: { type: "boolean", default: false },
        paste: { type: "boolean", default: false },
        again: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const [name = "", ...others] = positionals;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    ({ json } = values);
    if (values.help) {
      process.stdout.write(help);
      return 0;
    }
    if (command === undefined || others.length > 0) {
      process.stderr.write(help);
      return exitCodes.usage;
    }
    const way: LoginWay | undefined = values.device ? "device" : values.paste ? "paste" : undefined;
    const { provider, clientId } = readEnvironment(process.env);
    const auth = pixy({
      ...{ name: "now-playing", provider, clientId, scope: [Scopes.UserReadPrivate, Scopes.PlaylistReadPrivate] },
      show(prompt: LoginPrompt) {
        end();
        void writePrompt(processTerminal(), prompt).then(() => {
          // Not where somebody may be typing.
          if (prompt.way === "device" || !prompt.paste) end = showProgress("Waiting for you", screen);
          else if (prompt.way === "browser") screen.write("Waiting for the browser. Ctrl-C ends it.\n");
        });
      },
    });
    if (name !== "status" && name !== "logout") end = showProgress(`Asking ${provider.name}`, screen);
    const colours = coloursFor({ isTerminal: Boolean(process.stdout.isTTY), variables: process.env });
    const outcome = await command(auth, { way, again: values.again }, colours);
    end();
    process.stdout.write(`${json ? JSON.stringify(outcome.json) : outcome.text}\n`);
    return outcome.exitCode ?? 0;
  } catch (error) {
    end();
    return explain(error, json);
  }
}

function explain(error: unknown, json: boolean): number {
  const known = PixyError.isInstance(error) || error instanceof EnvironmentError || error instanceof AnswerError;
  const isUsage = error instanceof TypeError && String((error as { code?: string }).code).startsWith("ERR_PARSE_ARGS");
  if (!known && !isUsage) throw error;
  const { message } = error as Error;
  const code = PixyError.isInstance(error) ? error.code : "failed";
  const hint = PixyError.isInstance(error) ? error.hint : isUsage ? "now-playing --help says what there is." : "";
  const { red } = coloursFor(errors);
  if (json) process.stdout.write(`${JSON.stringify({ code, message, hint })}\n`);
  else process.stderr.write(`${red(printable(message))}${hint && ` ${hint}`}\n`);
  if (isUsage) return exitCodes.usage;
  if (code === "login_required" || CallbackError.isInstance(error)) return exitCodes.loginRequired;
  if (code === "login_cancelled") return exitCodes.interrupted;
  return code.startsWith("provider_") ? exitCodes.unavailable : exitCodes.failed;
}
