import { measureHotPath } from "./hot-path.ts";

const [framework = "express", people = "1", ...names] = process.argv.slice(2);
const { contenders } = await import(`./servers/${framework}.ts`);
const chosen = Object.fromEntries(["bare", ...names].map((name) => [name, contenders[name]]));
console.table(await measureHotPath(chosen, { people: Number(people) }));
process.exit();
