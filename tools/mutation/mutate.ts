import { parseAst } from "vite";

/** One small change of a source that a test should notice. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly line: number;
  /** `before → after`, as it is printed. */
  readonly change: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

const operators: Readonly<Record<string, readonly string[]>> = {
  // Without a prototype's names, such as "toString".
  __proto__: null as never,
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
};
const methods: Readonly<Record<string, string>> = {
  __proto__: null as never,
  every: "some",
  some: "every",
  startsWith: "endsWith",
  endsWith: "startsWith",
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
};
/** Words are for people; what has no space is for programs. */
const wordless = /^[^\s]{1,40}$/;

/** Lists the mutants of a TypeScript source, in the order of the text. */
export function mutantsOf(source: string): Mutant[] {
  const mutants: Mutant[] = [];
  const text = ({ start, end }: Node): string => source.slice(start, end);

  function add(start: number, end: number, replacement: string): void {
    const before = source.slice(start, end);
    const line = source.slice(0, start).split("\n").length;
    const change = `${shorten(before)} → ${shorten(replacement)}`;
    mutants.push({ start, end, replacement, line, change });
  }

  function operator(node: Node): void {
    const [left, right] = [node.left as Node, node.right as Node];
    // Between the operands stand only spaces and the operator itself.
    const between = source.slice(left.end, right.start);
    const at = left.end + between.indexOf(String(node.operator));
    for (const other of operators[String(node.operator)] ?? []) add(at, at + String(node.operator).length, other);
  }

  function condition(test: Node): void {
    add(test.start, test.end, "true");
    add(test.start, test.end, "false");
  }

  function literal(node: Node): void {
    const { value } = node;
    if (typeof value === "boolean") add(node.start, node.end, String(!value));
    else if (typeof value === "number") add(node.start, node.end, String(value + 1));
    else if (typeof value === "string" && wordless.test(value)) add(node.start, node.end, '""');
    else if (node.regex) pattern(node);
  }

  function pattern(node: Node): void {
    const { pattern: body, flags } = node.regex as { pattern: string; flags: string };
    const variants = [
      [body.replace(/^\^/, ""), flags],
      [body.replace(/\$$/, ""), flags],
      [body, flags.replace("i", "")],
    ];
    for (const [changed, changedFlags] of variants) {
      const other = `/${changed}/${changedFlags}`;
      if (other !== text(node) && changed !== "") add(node.start, node.end, other);
    }
  }

  function visit(node: Node): void {
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        return;
      case "BinaryExpression":
      case "LogicalExpression":
        operator(node);
        break;
      case "UnaryExpression":
        if (node.operator === "!") add(node.start, node.end, text(node.argument as Node));
        break;
      case "IfStatement":
      case "WhileStatement":
        condition(node.test as Node);
        break;
      case "ConditionalExpression":
        add((node.test as Node).start, (node.test as Node).end, "true");
        add((node.test as Node).start, (node.test as Node).end, "false");
        break;
      case "ExpressionStatement":
        if (/^(Await|Call|Assignment|Update)Expression$/.test((node.expression as Node).type)) {
          add(node.start, node.end, ";");
        }
        break;
      case "MemberExpression": {
        const property = node.property as Node;
        const other = methods[text(property)];
        if (!node.computed && other !== undefined) add(property.start, property.end, other);
        break;
      }
      case "Literal":
        literal(node);
        break;
      case "Property":
        // A name is not a value, and a hint is words for people.
        if (text(node.key as Node) !== "hint") visit(node.value as Node);
        return;
      case "NewExpression":
        if (!/Error$/.test(text(node.callee as Node))) break;
        // The first argument is the message.
        for (const argument of (node.arguments as Node[]).slice(1)) visit(argument);
        return;
      default:
        // Types are gone when the program runs.
        if (/^TS(?!AsExpression|NonNullExpression|SatisfiesExpression)/.test(node.type)) return;
    }
    for (const [name, child] of Object.entries(node)) {
      if (name === "typeAnnotation" || name === "returnType") continue;
      for (const item of Array.isArray(child) ? child : [child]) if (isNode(item)) visit(item);
    }
  }

  visit(parseAst(source, { lang: "ts" }) as unknown as Node);
  return mutants.sort((one, other) => one.start - other.start);
}

export function apply(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
