// Answers of the component to a list of states, for a test that compares them with the library's.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, data, states] = process.argv.slice(2);
const from = (name) => import(pathToFileURL(`${folder}/${name}.js`).href);
const { readDraws } = await from("draws");
const { answer } = await from("answer");
const { percent, span } = await from("phrases");

const model = JSON.parse(readFileSync(data, "utf8"));
model.draws = await readDraws(model.pack);
const began = performance.now();
const found = JSON.parse(readFileSync(states, "utf8")).map((state) => {
  const { groups, carried, all, fails, exact } = answer(model, state);
  return { groups, carried, all, fails, exact: exact?.id ?? null, percent: percent(all), spans: groups.map(span) };
});
process.stdout.write(JSON.stringify({ found, each: (performance.now() - began) / found.length }));
