import { UserError } from "../errors";

/** A value of the API with its type, as schemas/platform-api.json has it. */
export interface TypedValue {
  readonly type: "string" | "number" | "boolean" | "map" | "array" | "object";
  /** Texts that are sent, or that an answer is compared with. */
  readonly values?: readonly string[];
  readonly items?: TypedValue;
  readonly fields?: Readonly<Record<string, TypedValue>>;
  /** Fields that a request must have. */
  readonly required?: readonly string[];
}

/** An operation with its types. */
export interface TypedOperation {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, TypedValue>>;
  readonly sends?: TypedValue;
  readonly reads?: TypedValue;
}

/** The parts of the API that are needed. */
export interface NeededApi {
  readonly operations: readonly TypedOperation[];
  /** Operations that the Terraform provider calls, by the types of resources and data sources. */
  readonly provider: Readonly<Record<string, readonly string[]>>;
}

/** A difference between the API and what is needed of it. */
export interface ApiProblem {
  /** For example `PUT /api/v2/oauth/clients/{clientId}`. */
  readonly operation: string;
  /** For example `the body's field state does not take "inactive"`. */
  readonly problem: string;
}

/** Something of the API that is needed, and will be gone one day. */
export interface ApiNote {
  /** For example `PUT /api/v2/oauth/clients/{clientId}`. */
  readonly operation: string;
  /** For example `the body's field state is deprecated`. */
  readonly note: string;
}

/** The result of a comparison. */
export interface ApiComparison {
  readonly problems: readonly ApiProblem[];
  readonly notes: readonly ApiNote[];
  /** Number of operations that were compared. */
  readonly operations: number;
  /** Number of fields and parameters that were compared. */
  readonly fields: number;
}

/** A part of a Swagger document, of which nothing is known. */
type Part = Readonly<Record<string, unknown>>;

/**
 * Compares the API's own description (Swagger 2.0) with what is needed of it. A pure function.
 *
 * @throws UserError when the document is not a description of an API
 */
export function compareApi(document: unknown, needed: NeededApi): ApiComparison {
  const description = new Description(document);
  const comparison = new Comparison(description);
  for (const operation of needed.operations) comparison.check(operation);
  const own = new Set(needed.operations.map(keyOf));
  for (const [type, operations] of Object.entries(needed.provider)) {
    for (const operation of operations) {
      const [method = "", path = ""] = operation.split(" ");
      if (!own.has(keyOf({ method, path }))) comparison.exists({ method, path }, type);
    }
  }
  return {
    problems: comparison.problems,
    notes: comparison.notes,
    operations: comparison.seen.size,
    fields: comparison.fields,
  };
}

/** Paths are the same whatever their parameters are called. */
const keyOf = ({ method, path }: Pick<TypedOperation, "method" | "path">): string =>
  `${method.toLowerCase()} ${path.replace(/\{[^}]*\}/g, "{}")}`;

class Comparison {
  readonly problems: ApiProblem[] = [];
  readonly notes: ApiNote[] = [];
  readonly seen = new Set<string>();
  fields = 0;
  private operation = "";

  constructor(private readonly description: Description) {}

  check(needed: TypedOperation): void {
    const found = this.exists(needed);
    if (!found) return;
    const { query = {}, sends, reads } = needed;
    const parameters = this.description.parametersOf(found);
    this.checkParameters(query, parameters);
    const body = parameters.find((each) => each.in === "body");
    if (sends) {
      if (body) this.checkValue(body.schema, sends, "the body");
      else this.add("it takes no body any more");
    } else if (body?.required === true) this.add("it needs a body, and none is sent");
    if (reads) this.checkValue(this.description.answerOf(found), reads, "the answer");
  }

  /** Returns the description of an operation; notes a problem if there is none. */
  exists(operation: Pick<TypedOperation, "method" | "path">, type?: string): Part | undefined {
    this.operation = `${operation.method} ${operation.path}`;
    this.seen.add(keyOf(operation));
    const found = this.description.operations.get(keyOf(operation));
    if (!found) this.add(`the API does not have it${type ? ` (provider type ${type})` : ""}`);
    else this.noteDeprecated(found, "it");
    return found;
  }

  private noteDeprecated(part: unknown, what: string): void {
    const { operation } = this;
    if (objectIn(part).deprecated !== true && this.description.resolve(part)?.deprecated !== true) {
      return;
    }
    const note = `${what} is deprecated`;
    const isKnown = this.notes.some((each) => each.operation === operation && each.note === note);
    if (!isKnown) this.notes.push({ operation, note });
  }

  private add(problem: string): void {
    const { operation } = this;
    const isKnown = this.problems.some(
      (each) => each.operation === operation && each.problem === problem,
    );
    if (!isKnown) this.problems.push({ operation, problem });
  }

  private checkParameters(
    query: Readonly<Record<string, TypedValue>>,
    parameters: readonly Part[],
  ): void {
    for (const [name, value] of Object.entries(query)) {
      this.fields += 1;
      const found = parameters.find((each) => each.in === "query" && each.name === name);
      if (!found) this.add(`the parameter ${name} is gone`);
      else {
        this.noteDeprecated(found, `the parameter ${name}`);
        this.checkType(found, value, `the parameter ${name}`);
      }
    }
    for (const { in: place, name, required } of parameters) {
      if (required !== true || place === "body" || place === "path") continue;
      if (!(String(name) in query)) this.add(`it needs the ${place} parameter ${name}`);
    }
  }

  private checkValue(part: unknown, needed: TypedValue, at: string): void {
    const schema = this.description.resolve(part);
    if (!schema) {
      this.add(`${at} is not described`);
      return;
    }
    if (!this.checkType(schema, needed, at)) return;
    if (needed.items) this.checkValue(schema.items, needed.items, `${at}[]`);
    const properties = objectIn(schema.properties);
    for (const [name, value] of Object.entries(needed.fields ?? {})) {
      this.fields += 1;
      const field = /^the (body|answer)$/.test(at) ? `${at}'s field ${name}` : `${at}.${name}`;
      if (name in properties) {
        this.noteDeprecated(properties[name], field);
        this.checkValue(properties[name], value, field);
      } else this.add(`${field} is gone`);
    }
    if (!needed.required) return;
    for (const name of listIn(schema.required)) {
      if (needed.required.includes(String(name))) continue;
      this.add(`${at} must have the field ${name} now, and a request may lack it`);
    }
  }

  /** Returns whether the type is compatible. */
  private checkType(schema: Part, needed: TypedValue, at: string): boolean {
    const type = typeOf(schema);
    const wanted = needed.type === "map" ? "object" : needed.type;
    if (type !== undefined && type !== wanted) {
      this.add(`${at} is ${article(type)}, not ${article(wanted)}`);
      return false;
    }
    const allowed = listIn(schema.enum).map(alike);
    for (const value of needed.values ?? []) {
      if (allowed.length === 0 || allowed.includes(alike(value))) continue;
      const isRead = at.startsWith("the answer");
      this.add(`${at} ${isRead ? "never is" : "does not take"} "${value}"`);
    }
    return true;
  }
}

/** The API spells some values with an underscore in one place, and with a hyphen in another. */
const alike = (value: unknown): string => String(value).replaceAll("_", "-").toLowerCase();

const article = (type: string): string => `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;

/** Returns the type of a schema, as it is compared; undefined if it says none. */
function typeOf({ type, properties }: Part): string | undefined {
  if (type === "integer") return "number";
  if (typeof type === "string") return type;
  return properties === undefined ? undefined : "object";
}

/** A Swagger 2.0 document. */
class Description {
  /** The operations by {@link keyOf}. */
  readonly operations = new Map<string, Part>();
  private readonly document: Part;

  constructor(document: unknown) {
    this.document = objectIn(document);
    const { swagger, basePath = "", paths } = this.document;
    if (swagger !== "2.0" || typeof paths !== "object" || paths === null) {
      throw new UserError("it is not a Swagger 2.0 document");
    }
    const base = String(basePath).replace(/\/+$/, "");
    for (const [path, item] of Object.entries(paths)) {
      const { parameters, ...methods } = objectIn(item);
      for (const [method, operation] of Object.entries(methods)) {
        if (typeof operation !== "object" || operation === null) continue;
        const own = objectIn(operation);
        const all = [...listIn(parameters), ...listIn(own.parameters)];
        this.operations.set(keyOf({ method, path: `${base}${path}` }), { ...own, parameters: all });
      }
    }
  }

  parametersOf({ parameters }: Part): Part[] {
    return listIn(parameters).map((each) => this.resolve(each) ?? {});
  }

  /** The schema of the answer to a successful request. */
  answerOf({ responses }: Part): unknown {
    const all = objectIn(responses);
    const [, answer = all.default] = Object.entries(all).find(([code]) => /^2/.test(code)) ?? [];
    return this.resolve(answer)?.schema;
  }

  /** Follows references, and joins the parts of `allOf`. Undefined for what is not there. */
  resolve(part: unknown, above: readonly string[] = []): Part | undefined {
    if (typeof part !== "object" || part === null) return undefined;
    const { $ref: reference, allOf, ...own } = part as Part;
    if (typeof reference === "string") {
      if (above.includes(reference)) return undefined;
      return this.resolve(this.at(reference), [...above, reference]);
    }
    const parts = listIn(allOf).map((each) => this.resolve(each, above) ?? {});
    const all = [...parts, own];
    const joined: Record<string, unknown> = Object.assign({}, ...all);
    if (parts.length > 0) {
      joined.properties = Object.assign({}, ...all.map(({ properties }) => objectIn(properties)));
      joined.required = all.flatMap(({ required }) => listIn(required));
    }
    return joined;
  }

  private at(reference: string): unknown {
    return reference
      .replace(/^#\//, "")
      .split("/")
      .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce<unknown>((inner, key) => objectIn(inner)[key], this.document);
  }
}

const objectIn = (value: unknown): Part =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Part) : {};

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
