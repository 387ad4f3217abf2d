/**
 * The browser's evaluator of rule trees: the same three-valued logic and the same IEEE
 * doubles as the server's (question_bank/engine/rules.py). tests/vectors/rules.json is
 * run against both.
 *
 * A tree is nested arrays: ["q", name] reads a value, ["k", value] is a constant,
 * anything else is [operator, ...operands]. An environment is a plain object of JSON
 * values: numbers, strings, booleans, arrays of choice codes, and {"na": true} for "not
 * applicable"; a name that is missing or null is unknown.
 */

export const UNKNOWN = Symbol("unknown");
const NA = Symbol("na");

const ISO_DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Returns true, false or UNKNOWN; a rule is satisfied by true alone. */
export function evaluate(tree, env) {
  const result = compute(tree, env);
  return typeof result === "boolean" ? result : UNKNOWN;
}

/** Returns the value of a tree: boolean, number, string, Set or UNKNOWN. */
export function compute(tree, env) {
  const operator = tree[0];
  if (operator === "q") {
    const value = read(env, tree[1]);
    return value === NA ? UNKNOWN : value;
  }
  if (operator === "k") {
    return constant(tree[1]);
  }
  if (!Object.hasOwn(OPERATORS, operator)) {
    throw new Error(`unknown operator: ${String(operator)}`);
  }
  return OPERATORS[operator](tree, env);
}

/**
 * Resolves which of a page's questions apply, in document order, as the server does.
 *
 * questions: [{id, applies_when: tree | null, rule: tree | null}]; `before` holds the
 * readable values of everything earlier, facts and as_of; `answers` the values given on
 * this page by question id (null while unanswered). Returns {states, values}: a state is
 * "applies", "hidden" or "unknown", and `values` is `before` with what applies added.
 */
export function resolve(questions, before, answers) {
  const states = {};
  const values = { ...before };
  for (const question of questions) {
    delete values[question.id];
  }
  for (const question of questions) {
    const condition = question.applies_when ?? null;
    const outcome = condition === null ? true : evaluate(condition, values);
    if (outcome !== true) {
      states[question.id] = outcome === false ? "hidden" : "unknown";
      continue;
    }
    states[question.id] = "applies";
    const value = readable(question, values, answers);
    if (value !== null) {
      values[question.id] = value;
    }
  }
  return { states, values };
}

/** Returns the names that a tree reads, each once, without as_of. */
export function names(tree) {
  const found = new Set();
  const waiting = [tree];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (node[0] === "q") {
      found.add(node[1]);
    } else if (node[0] !== "k") {
      waiting.push(...node.slice(1).reverse());
    }
  }
  found.delete("as_of");
  return [...found];
}

/** Returns a running number of an ISO date, null when there is no such day. */
export function dayNumber(text) {
  if (!ISO_DATE.test(text)) {
    return null;
  }
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  if (month < 1 || month > 12 || day < 1 || day > monthLength(year, month)) {
    return null;
  }
  let leapDays =
    Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  if (month <= 2 && isLeap(year)) {
    leapDays -= 1;
  }
  return year * 365 + leapDays + DAYS_BEFORE_MONTH[month - 1] + day;
}

function isLeap(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function monthLength(year, month) {
  if (month === 2) {
    return isLeap(year) ? 29 : 28;
  }
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function readable(question, values, answers) {
  if (question.rule) {
    const value = compute(question.rule, values);
    return value === UNKNOWN ? null : value;
  }
  return Object.hasOwn(answers, question.id) ? answers[question.id] : null;
}

function read(env, name) {
  return Object.hasOwn(env, name) ? normalised(env[name]) : UNKNOWN;
}

function normalised(value) {
  if (typeof value === "boolean" || typeof value === "string") {
    return value;
  }
  if (typeof value === "number") {
    return Number.isFinite(value) ? value : UNKNOWN;
  }
  if (Array.isArray(value) || value instanceof Set) {
    return new Set([...value].filter((item) => typeof item === "string"));
  }
  return value?.na === true ? NA : UNKNOWN;
}

function constant(value) {
  return Array.isArray(value) ? value : normalised(value);
}

function isScalar(value) {
  return ["boolean", "number", "string"].includes(typeof value);
}

function areComparable(a, b) {
  return typeof a === typeof b && isScalar(a);
}

function isOrdered(a, b) {
  if (typeof a === "number" && typeof b === "number") {
    return true;
  }
  return (
    typeof a === "string" &&
    typeof b === "string" &&
    ISO_DATE.test(a) &&
    ISO_DATE.test(b)
  );
}

function codes(value) {
  if (value instanceof Set) {
    return value;
  }
  const isList =
    Array.isArray(value) && value.every((item) => typeof item === "string");
  return isList ? new Set(value) : null;
}

function finite(value) {
  return Number.isFinite(value) ? value : UNKNOWN;
}

/** Evaluates both operands and applies `combine` when `fits`, else is unknown. */
function binary(fits, combine) {
  return (tree, env) => {
    const a = compute(tree[1], env);
    const b = compute(tree[2], env);
    return fits(a, b) ? combine(a, b) : UNKNOWN;
  };
}

function areNumbers(a, b) {
  return typeof a === "number" && typeof b === "number";
}

function arithmetic(combine) {
  return binary(areNumbers, (a, b) => finite(combine(a, b)));
}

/** Combines numbers from left to right: the order decides a sum's last bit. */
function fold(combine) {
  return (tree, env) => {
    const values = operands(tree, env);
    if (values.some((value) => typeof value !== "number")) {
      return UNKNOWN;
    }
    return finite(values.reduce(combine));
  };
}

function mean(tree, env) {
  const total = fold((a, b) => a + b)(tree, env);
  return total === UNKNOWN ? UNKNOWN : total / (tree.length - 1);
}

/** Averages what is known: a young firm has fewer years. */
function meanKnown(tree, env) {
  const values = operands(tree, env).filter((value) => typeof value === "number");
  if (values.length === 0) {
    return UNKNOWN;
  }
  return finite(values.reduce((a, b) => a + b) / values.length);
}

function operands(tree, env) {
  return tree.slice(1).map((operand) => compute(operand, env));
}

/** Kleene's and/or: `decisive` settles the result, whatever else is unknown. */
function kleene(decisive) {
  return (tree, env) => {
    let result = !decisive;
    for (let index = 1; index < tree.length; index += 1) {
      const value = compute(tree[index], env);
      if (value === decisive) {
        return decisive;
      }
      if (typeof value !== "boolean") {
        result = UNKNOWN;
      }
    }
    return result;
  };
}

function not(tree, env) {
  const value = compute(tree[1], env);
  return typeof value === "boolean" ? !value : UNKNOWN;
}

function negative(tree, env) {
  const value = compute(tree[1], env);
  return typeof value === "number" ? -value : UNKNOWN;
}

function member(tree, env) {
  const value = compute(tree[1], env);
  const allowed = compute(tree[2], env);
  if (!isScalar(value) || !Array.isArray(allowed)) {
    return UNKNOWN;
  }
  return allowed.includes(value);
}

function has(tree, env) {
  const set = compute(tree[1], env);
  const code = compute(tree[2], env);
  return set instanceof Set && typeof code === "string" ? set.has(code) : UNKNOWN;
}

function hasSome(quantifier) {
  return (tree, env) => {
    const set = compute(tree[1], env);
    const wanted = codes(compute(tree[2], env));
    if (!(set instanceof Set) || wanted === null) {
      return UNKNOWN;
    }
    return [...wanted][quantifier]((code) => set.has(code));
  };
}

function choose(tree, env) {
  const condition = compute(tree[1], env);
  if (condition === true) {
    return compute(tree[2], env);
  }
  return condition === false ? compute(tree[3], env) : UNKNOWN;
}

function count(tree, env) {
  const values = operands(tree, env);
  if (values.length === 1 && values[0] instanceof Set) {
    return values[0].size;
  }
  if (values.some((value) => typeof value !== "boolean")) {
    return UNKNOWN;
  }
  return values.filter(Boolean).length;
}

function answered(tree, env) {
  const value = read(env, tree[1][1]);
  return value !== UNKNOWN && value !== NA;
}

function isNa(tree, env) {
  return read(env, tree[1][1]) === NA;
}

function coalesce(tree, env) {
  const value = compute(tree[1], env);
  return value === UNKNOWN ? compute(tree[2], env) : value;
}

function daysBetween(tree, env) {
  const first = compute(tree[1], env);
  const last = compute(tree[2], env);
  if (typeof first !== "string" || typeof last !== "string") {
    return UNKNOWN;
  }
  const start = dayNumber(first);
  const end = dayNumber(last);
  return start === null || end === null ? UNKNOWN : end - start;
}

const OPERATORS = {
  and: kleene(false),
  or: kleene(true),
  not,
  eq: binary(areComparable, (a, b) => a === b),
  ne: binary(areComparable, (a, b) => a !== b),
  lt: binary(isOrdered, (a, b) => a < b),
  le: binary(isOrdered, (a, b) => a <= b),
  gt: binary(isOrdered, (a, b) => a > b),
  ge: binary(isOrdered, (a, b) => a >= b),
  in: member,
  has,
  has_any: hasSome("some"),
  has_all: hasSome("every"),
  add: arithmetic((a, b) => a + b),
  sub: arithmetic((a, b) => a - b),
  mul: arithmetic((a, b) => a * b),
  div: arithmetic((a, b) => a / b),
  neg: negative,
  if: choose,
  min: fold((a, b) => (b < a ? b : a)),
  max: fold((a, b) => (b > a ? b : a)),
  sum: fold((a, b) => a + b),
  mean,
  mean_known: meanKnown,
  count,
  answered,
  is_na: isNa,
  coalesce,
  days_between: daysBetween,
};
