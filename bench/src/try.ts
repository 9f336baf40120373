import { measureThroughput } from "./throughput.ts";

const [framework = "express", people = "1", rounds = "5", ...names] = process.argv.slice(2);
console.table(
  await measureThroughput({ framework, names, people: Number(people), rounds: Number(rounds), seconds: 1 }),
);
