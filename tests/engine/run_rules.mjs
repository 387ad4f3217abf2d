// Reads cases as JSON lines on standard input, evaluates each with the browser's module
// and prints the results as JSON lines, in the form of tests/engine/fuzz.py `plain`.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const rules = await import(pathToFileURL(process.argv[2]));

function plain(value) {
  if (value === rules.UNKNOWN) {
    return { unknown: true };
  }
  if (value instanceof Set) {
    return { set: [...value].sort(byCodePoint) };
  }
  return value;
}

function byCodePoint(a, b) {
  return a < b ? -1 : Number(a > b);
}

const lines = createInterface({ input: process.stdin });
for await (const line of lines) {
  const request = JSON.parse(line);
  const result = request.questions
    ? rules.resolve(request.questions, request.before, request.answers).states
    : plain(rules.compute(request.tree, request.env));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
