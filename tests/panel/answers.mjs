// Answers of the component to a list of states, for a test that compares them with the library's: in a page, or under Node.
import { readDraws } from "./component/draws.js";
import { answer } from "./component/answer.js";
import { percent, span } from "./component/phrases.js";

/** What the component says of each state. */
export async function tell(model, states) {
  model.draws = await readDraws(model.pack);
  return states.map((state) => {
    const { groups, priced, carried, all, fails, exact } = answer(model, state);
    return { groups, priced, carried, all, fails, exact: exact?.id ?? null, percent: percent(all), spans: groups.map(span) };
  });
}
