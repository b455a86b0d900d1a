import type { NewObject, ProviderBehaviour, Session } from "./behaviour";
import { literalsOf } from "./imported-object";
import { fakeValue } from "./made-up-values";
import { conform, fill, plan } from "./plan";
import { type Diagnostic, type Method, type Request, schemaResponse } from "./protocol";
import { Refusal } from "./refusal";
import type { ResourceRules } from "./rules";
import { type Kind, type ObjectSchema, type ProviderSchema, schemaOf } from "./schema";
import { ScopedStore } from "./store";
import { validate } from "./validate";
import {
  canonical,
  copy,
  isObject,
  mapValues,
  type ObjectValue,
  UNKNOWN,
  type Value,
} from "./value";
import { type DynamicValue, fromWire, toWire } from "./wire";

/** One call of Terraform. Contains secrets in plain text. */
export interface ProviderCall {
  readonly provider: string;
  readonly method: Method;
  readonly type?: string;
  readonly config?: ObjectValue;
}

/** Properties of a {@link ProviderDouble}. */
export interface ProviderDoubleProps {
  /** Last part of the provider's source, for example `aws`. */
  readonly name: string;
  readonly schema: ProviderSchema;
  readonly behaviour: ProviderBehaviour;
  /** Seed of ids and other computed values, which are the same in every run. */
  readonly seed: string;
  readonly onCall?: (call: ProviderCall) => void;
  /** Returns the configuration of the resource that takes an existing object over, as Terraform JSON. */
  readonly imported?: (type: string, id: string) => ObjectValue | undefined;
  /** Called for every text that is made up for an ephemeral resource, which nothing may keep. */
  readonly onSecret?: (type: string, value: string) => void;
}

/** Marks an object that an import made up, until it is planned. */
const IMPORTED = Buffer.from("made up by an import");

type Handler = (request: Request, peer: string) => object;

/**
 * A provider that keeps its objects in memory. It answers every call of the plugin protocol from
 * the real provider's schema, and from a behaviour for everything that a schema does not say.
 */
export class ProviderDouble {
  private readonly sessions = new Map<string, Session>();
  private readonly store = new ScopedStore();
  private readonly handlers: Readonly<Record<Method, Handler>>;

  constructor(private readonly props: ProviderDoubleProps) {
    this.handlers = {
      GetProviderSchema: () => schemaResponse(props.schema),
      ValidateProviderConfig: (request) => this.validateConfig("provider", request),
      ValidateResourceConfig: (request) => this.validateConfig("resource", request),
      ValidateDataResourceConfig: (request) => this.validateConfig("data", request),
      ValidateEphemeralResourceConfig: (request) => this.validateConfig("ephemeral", request),
      UpgradeResourceState: (request) => this.upgrade(request),
      ConfigureProvider: (request, peer) => this.configure(request, peer),
      ReadResource: (request, peer) => this.read(request, peer),
      PlanResourceChange: (request, peer) => this.planChange(request, peer),
      ApplyResourceChange: (request, peer) => this.applyChange(request, peer),
      ImportResourceState: (request, peer) => this.import(request, peer),
      ReadDataSource: (request, peer) => this.readData(request, peer),
      OpenEphemeralResource: (request, peer) => this.open(request, peer),
      CloseEphemeralResource: () => ({}),
      StopProvider: () => ({}),
    };
  }

  /** Answers a call. `peer` names the connection, and with it the provider configuration. */
  handle(method: Method, request: Request, peer: string): object {
    this.props.onCall?.({
      provider: this.props.name,
      method,
      type: request.type_name,
      config: request.config ? objectFrom(request.config) : undefined,
    });
    try {
      return this.handlers[method](request, peer);
    } catch (error) {
      return { diagnostics: [diagnosticOf(error)] };
    }
  }

  private validateConfig(kind: Kind, request: Request): object {
    const schema = this.schemaOf(kind, request.type_name ?? "");
    const rules = this.rulesOf(kind, request.type_name ?? "");
    const refusals = validate(schema.block, rules, objectFrom(request.config));
    return { diagnostics: refusals.map((refusal) => refusal.diagnostic) };
  }

  private configure(request: Request, peer: string): object {
    const config = objectFrom(request.config);
    // A value that is still unknown counts as absent, as in the plugin SDK.
    const known = mapValues(config, (value) => (value === UNKNOWN ? null : value));
    for (const [name, value] of Object.entries(this.rulesOf("provider", "").defaults ?? {})) {
      known[name] ??= value;
    }
    this.sessions.set(peer, this.props.behaviour.configure(known));
    return {};
  }

  private upgrade(request: Request): object {
    const raw = JSON.parse(Buffer.from(request.raw_state?.json ?? []).toString()) as Value;
    const { block } = this.schemaOf("resource", request.type_name ?? "");
    return { upgraded_state: toWire(conform(block, raw)) };
  }

  private read(request: Request, peer: string): object {
    const type = request.type_name ?? "";
    const state = objectFrom(request.current_state);
    const session = this.session(peer);
    const stored = this.store.get(session.scope, type, this.idOf(type, state));
    const outside = stored ? undefined : session.read?.(type, String(state.id));
    const read = stored ?? (outside ? withUnread(outside, state) : null);
    return { new_state: toWire(read), private: request.private };
  }

  private planChange(request: Request, peer: string): object {
    const type = request.type_name ?? "";
    const proposed = fromWire(request.proposed_new_state);
    if (!isObject(proposed)) {
      return { planned_state: toWire(null), planned_private: request.prior_private };
    }
    const prior = objectOrNull(request.prior_state);
    // What the configuration computes was not known when the object was made up.
    const madeUp = IMPORTED.equals(request.prior_private ?? Buffer.alloc(0));
    const change = { prior, proposed, config: objectFrom(request.config) };
    const { block } = this.schemaOf("resource", type);
    const rules = this.rulesOf("resource", type);
    const result = plan(block, rules, change);
    const more = this.session(peer).plan?.(type, result.planned, prior) ?? [];
    return {
      planned_state: toWire(result.planned),
      requires_replace: madeUp
        ? []
        : [...result.replace, ...more].map((name) => ({ steps: [{ attribute_name: name }] })),
      planned_private: madeUp ? undefined : request.prior_private,
      // As with the real providers on the older plugin SDK, defaults may differ from the configuration.
      legacy_type_system: true,
    };
  }

  private applyChange(request: Request, peer: string): object {
    const type = request.type_name ?? "";
    const session = this.session(peer);
    const prior = objectOrNull(request.prior_state);
    const planned = objectOrNull(request.planned_state);
    if (planned === null) {
      session.authorize?.("delete", type, prior ?? {});
      this.store.delete(session.scope, type, this.idOf(type, prior));
      return { new_state: toWire(null) };
    }
    session.authorize?.(prior === null ? "create" : "update", type, planned);
    const seed = this.seedOf(session, type, prior, planned);
    const config = objectFrom(request.config);
    const made = this.make(session, { type, planned, config, prior, seed });
    const id = this.idOf(type, made);
    if (prior === null && this.store.get(session.scope, type, id)) {
      throw new Refusal(
        `creating ${type}: ${String(id)} already exists`,
        `An object of this type and name already exists in ${session.scope}.`,
      );
    }
    this.refuseDuplicates(session.scope, type, made);
    this.store.put(session.scope, type, id, made);
    return { new_state: toWire(made), private: request.planned_private, legacy_type_system: true };
  }

  /** Refuses an object with a value that must be unique and that another object has. */
  private refuseDuplicates(scope: string, type: string, made: ObjectValue): void {
    for (const name of this.rulesOf("resource", type).unique ?? []) {
      for (const other of this.store.all(scope, type)) {
        if (other[name] !== made[name] || this.idOf(type, other) === this.idOf(type, made))
          continue;
        throw new Refusal(
          `creating ${type}: ${name} ${JSON.stringify(made[name])} already exists`,
          `Another object of this type has it in ${scope}.`,
        );
      }
    }
  }

  private make(session: Session, object: NewObject): ObjectValue {
    const { type, planned, seed } = object;
    const computed = session.computed?.(object) ?? {};
    const { block } = this.schemaOf("resource", type);
    return fill(block, planned, (path, name, attribute) => {
      const known = path === "" ? computed[name] : session.computedIn?.(type, `${path}.${name}`);
      if (known !== undefined) return known;
      return fakeValue(attribute.type as never, seed, path, name);
    });
  }

  // Two objects with the same content get different seeds, by the order in which they are made.
  private seedOf(
    session: Session,
    type: string,
    prior: ObjectValue | null,
    planned: ObjectValue,
  ): string {
    const content = [this.props.seed, session.scope, type];
    if (prior) return [...content, canonical(this.idOf(type, prior))].join("/");
    const base = [...content, canonical(planned)].join("/");
    return `${base}#${this.store.count(base)}`;
  }

  /** Finds an object, or makes up one that is as its configuration says. */
  private import(request: Request, peer: string): object {
    const [type, id] = [request.type_name ?? "", request.id ?? ""];
    const session = this.session(peer);
    const outside = session.read?.(type, id);
    const stored = this.store.get(session.scope, type, id) ?? outside ?? undefined;
    const body = stored || outside === null ? undefined : this.props.imported?.(type, id);
    if (!stored && !body) {
      throw new Refusal(
        "Cannot import non-existent remote object",
        `${session.scope} has no ${type} with the id ${id}.`,
      );
    }
    const object = stored ?? this.makeUp(session, type, id, body);
    const imported = { type_name: type, state: toWire(object) };
    return { imported_resources: [stored ? imported : { ...imported, private: IMPORTED }] };
  }

  private makeUp(
    session: Session,
    type: string,
    id: string,
    body: ObjectValue | undefined,
  ): ObjectValue {
    const { block } = this.schemaOf("resource", type);
    const config = literalsOf(block, body);
    const change = { prior: null, proposed: config, config };
    const { planned } = plan(block, this.rulesOf("resource", type), change);
    session.plan?.(type, planned, null);
    const seed = [this.props.seed, session.scope, type, id].join("/");
    const made = { ...this.make(session, { type, planned, config, prior: null, seed }), id };
    this.store.put(session.scope, type, this.idOf(type, made), made);
    return made;
  }

  private readData(request: Request, peer: string): object {
    const session = this.session(peer);
    const store = { objects: (type: string) => this.store.all(session.scope, type) };
    const answer = (type: string, config: ObjectValue) => session.data?.(type, config, store);
    return { state: toWire(this.answer("data", request, session, answer)) };
  }

  private open(request: Request, peer: string): object {
    const session = this.session(peer);
    const answer = (type: string, config: ObjectValue) => session.ephemeral?.(type, config);
    return { result: toWire(this.answer("ephemeral", request, session, answer)) };
  }

  private answer(
    kind: Kind,
    request: Request,
    session: Session,
    answer: (type: string, config: ObjectValue) => ObjectValue | undefined,
  ): ObjectValue {
    const type = request.type_name ?? "";
    const config = objectFrom(request.config);
    const result: ObjectValue = { ...copy(config), ...answer(type, config) };
    const seed = [this.props.seed, session.scope, type, canonical(config)].join("/");
    for (const [name, attribute] of Object.entries(
      this.schemaOf(kind, type).block.attributes ?? {},
    )) {
      if (!attribute.computed || (result[name] ?? null) !== null) continue;
      const made = fakeValue(attribute.type, seed, name);
      result[name] = made;
      if (kind === "ephemeral" && typeof made === "string") this.props.onSecret?.(type, made);
    }
    return result;
  }

  private session(peer: string): Session {
    const session = this.sessions.get(peer);
    if (session) return session;
    throw new Refusal(`the provider ${this.props.name} is not configured`);
  }

  private schemaOf(kind: Kind, type: string): ObjectSchema {
    const schema = schemaOf(this.props.schema, kind, type);
    if (schema) return schema;
    throw new Refusal(`the provider ${this.props.name} has no ${kind} type "${type}"`);
  }

  private idOf(type: string, object: ObjectValue | null): Value | undefined {
    const { identifier } = this.rulesOf("resource", type);
    return identifier ? identifier.map((name) => String(object?.[name])).join("/") : object?.id;
  }

  private rulesOf(kind: Kind, type: string): ResourceRules {
    const { rules } = this.props.behaviour;
    if (kind === "provider") return rules.provider ?? {};
    if (kind === "resource") return rules.resources?.[type] ?? {};
    return (kind === "data" && rules.dataSources?.[type]) || {};
  }
}

/** An object as it was read; what the provider does not read stays as it is in the state. */
function withUnread(read: ObjectValue, state: ObjectValue): ObjectValue {
  const result = copy(read);
  for (const [name, value] of Object.entries(read)) {
    if (value === null) result[name] = state[name] ?? null;
  }
  return result;
}

function objectFrom(value: DynamicValue | undefined): ObjectValue {
  return objectOrNull(value) ?? {};
}

function objectOrNull(value: DynamicValue | undefined): ObjectValue | null {
  const read = fromWire(value);
  return isObject(read) ? read : null;
}

function diagnosticOf(error: unknown): Diagnostic {
  if (error instanceof Refusal) return error.diagnostic;
  const message = error instanceof Error ? error.message : String(error);
  return { severity: 1, summary: "The provider double failed", detail: message };
}
