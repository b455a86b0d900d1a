import type { ProviderBehaviour, Session } from "../../../../lib/rehearsal/double/core/behaviour";
import {
  type ProviderCall,
  ProviderDouble,
  type ProviderDoubleProps,
} from "../../../../lib/rehearsal/double/core/provider-double";
import { Refusal } from "../../../../lib/rehearsal/double/core/refusal";
import type { ResourceRules } from "../../../../lib/rehearsal/double/core/rules";
import { type ObjectValue, UNKNOWN, type Value } from "../../../../lib/rehearsal/double/core/value";
import { fromWire, toWire } from "../../../../lib/rehearsal/double/core/wire";
import { WIDGET } from "./widget";

const config: ObjectValue = { id: null, name: "a", secret_wo: "write-only", arn: null, part: [] };

function start(
  session: Partial<Session> = {},
  rules: ResourceRules = {},
  props: Partial<ProviderDoubleProps> = {},
) {
  const calls: ProviderCall[] = [];
  const behaviour: ProviderBehaviour = {
    rules: { resources: { widget: rules } },
    configure: ({ account }) => {
      if (account === "closed") throw new Refusal("the account is closed", "since yesterday");
      return { scope: String(account), ...session };
    },
  };
  const schema = {
    provider: { block: { attributes: { account: { type: "string", optional: true } as const } } },
    resource_schemas: { widget: { block: WIDGET } },
    data_source_schemas: { widget: { block: WIDGET } },
    ephemeral_resource_schemas: { widget: { block: WIDGET } },
  };
  const double = new ProviderDouble({
    name: "factory",
    schema,
    behaviour,
    seed: "seed",
    onCall: (call) => calls.push(call),
    ...props,
  });
  const configure = (peer: string, account: Value) =>
    double.handle("ConfigureProvider", { config: toWire({ account }) }, peer);
  const plan = (peer: string, prior: Value, proposed: Value) =>
    double.handle(
      "PlanResourceChange",
      {
        type_name: "widget",
        prior_state: toWire(prior),
        proposed_new_state: toWire(proposed),
        config: toWire(proposed),
      },
      peer,
    ) as { planned_state: { msgpack: Uint8Array } };
  const apply = (peer: string, prior: Value, proposed: Value) => {
    const { planned_state } = plan(peer, prior, proposed);
    const request = {
      type_name: "widget",
      prior_state: toWire(prior),
      planned_state,
      config: toWire(proposed),
    };
    return stateOf(double.handle("ApplyResourceChange", request, peer));
  };
  const read = (peer: string, state: Value) =>
    stateOf(
      double.handle("ReadResource", { type_name: "widget", current_state: toWire(state) }, peer),
    );
  return { double, calls, configure, plan, apply, read };
}

const stateOf = (response: object) =>
  fromWire((response as { new_state: object }).new_state) as ObjectValue | null;

test("an object that was made can be read, changed and destroyed", () => {
  const { configure, apply, read } = start();
  configure("one", "A");
  const made = apply("one", null, config);
  expect(made).toMatchObject({ name: "a", arn: expect.stringMatching(/^double-/) });
  expect(read("one", made)).toEqual(made);
  const changed = apply("one", made, { ...made, name: "b" });
  expect(changed).toMatchObject({ id: made?.id, arn: made?.arn, name: "b" });
  expect(apply("one", changed, null)).toBeNull();
  expect(read("one", changed)).toBeNull();
});

test("a write-only value reaches the provider and nothing that it returns", () => {
  const seen: Value[] = [];
  const computed = ({ config: given }: { config: ObjectValue }) => {
    seen.push(given.secret_wo ?? null);
    return {};
  };
  const { configure, apply } = start({ computed });
  configure("one", "A");
  expect(apply("one", null, config)?.secret_wo).toBeNull();
  expect(seen).toEqual(["write-only"]);
});

test("two objects of the same content get different ids, the same in every run", () => {
  const ids = () => {
    const { configure, apply } = start();
    configure("one", "A");
    return [apply("one", null, config)?.id, apply("one", null, config)?.id];
  };
  const [first, second] = ids();
  expect(first).not.toEqual(second);
  expect(ids()).toEqual([first, second]);
});

test("connections with different configurations do not see each other's objects", () => {
  const { configure, apply, read } = start();
  configure("one", "A");
  configure("two", "B");
  const made = apply("one", null, config);
  expect(read("two", made)).toBeNull();
  expect(read("one", made)).toEqual(made);
});

test("an object that is imported is made up from its configuration, once", () => {
  const imported = () => ({ name: "a", part: { size: "${var.size}" }, arn: "mine" });
  const { double, configure, read } = start({}, {}, { imported });
  configure("one", "A");
  const answer = () =>
    double.handle("ImportResourceState", { type_name: "widget", id: "w-1" }, "one") as {
      imported_resources: [{ state: { msgpack: Uint8Array }; private?: Uint8Array }];
    };
  const [first] = answer().imported_resources;
  const object = fromWire(first.state) as ObjectValue;
  expect(object).toMatchObject({ id: "w-1", name: "a", secret_wo: null });
  expect(first.private).toBeDefined();
  expect(read("one", object)).toEqual(object);
  // Now it exists.
  const [second] = answer().imported_resources;
  expect(fromWire(second.state)).toEqual(object);
  expect(second.private).toBeUndefined();
});

test("an object that exists elsewhere is imported as it is, and read until it is changed here", () => {
  const outside: ObjectValue = { ...config, id: "w-1", secret_wo: null, size: null, arn: "theirs" };
  const find = (_type: string, id: string) => (id === "w-1" ? outside : null);
  const imported = () => ({ name: "made up" });
  const { double, configure, apply, read } = start({ read: find }, {}, { imported });
  configure("one", "A");
  const ask = (id: string) =>
    double.handle("ImportResourceState", { type_name: "widget", id }, "one") as {
      imported_resources?: [{ state: { msgpack: Uint8Array }; private?: Uint8Array }];
      diagnostics?: readonly { readonly summary: string }[];
    };
  const [found] = ask("w-1").imported_resources ?? [];
  expect(fromWire(found?.state)).toMatchObject({ id: "w-1", arn: "theirs" });
  expect(found?.private).toBeUndefined();
  // The configuration says nothing about what exists.
  expect(ask("w-2").diagnostics?.[0]?.summary).toBe("Cannot import non-existent remote object");
  // What is not read keeps its value in the state.
  expect(read("one", { ...outside, name: "old", size: 4 })).toMatchObject({ name: "a", size: 4 });
  expect(read("one", { ...outside, id: "w-2" })).toBeNull();
  apply("one", outside, { ...outside, name: "changed here" });
  expect(read("one", outside)).toMatchObject({ name: "changed here" });
});

test("texts that are made up for an ephemeral resource are secrets", () => {
  const secrets: string[] = [];
  const onSecret = (_type: string, value: string) => secrets.push(value);
  const { double, configure } = start({}, {}, { onSecret });
  configure("one", "A");
  const { result } = double.handle(
    "OpenEphemeralResource",
    { type_name: "widget", config: toWire(config) },
    "one",
  ) as { result: { msgpack: Uint8Array } };
  expect(Object.values(fromWire(result) as ObjectValue)).toEqual(expect.arrayContaining(secrets));
  expect(secrets.length).toBeGreaterThan(0);
});

test("a configuration that is not known yet reads as absent", () => {
  const scopes: Value[] = [];
  const { double, configure } = start();
  configure("one", UNKNOWN);
  const data = double.handle(
    "ReadDataSource",
    { type_name: "widget", config: toWire(config) },
    "one",
  );
  scopes.push(fromWire((data as { state: object }).state));
  expect(scopes).toEqual([expect.objectContaining({ arn: expect.stringMatching(/^double-/) })]);
});

test("an object can be imported by its id, and one that does not exist cannot", () => {
  const { double, configure, apply } = start();
  configure("one", "A");
  const made = apply("one", null, config);
  const ask = (id: string) =>
    double.handle("ImportResourceState", { type_name: "widget", id }, "one") as Record<
      string,
      never
    >;
  const [imported] = ask(String(made?.id)).imported_resources as unknown as { state: object }[];
  expect(imported && fromWire(imported.state)).toEqual(made);
  expect(ask("nobody").diagnostics).toMatchObject([
    { severity: 1, summary: "Cannot import non-existent remote object" },
  ]);
});

test("a refusal becomes an error with its reason", () => {
  expect(start().configure("one", "closed")).toEqual({
    diagnostics: [
      {
        severity: 1,
        summary: "the account is closed",
        detail: "since yesterday",
        attribute: undefined,
      },
    ],
  });
});

test("a session may replace an object for an attribute that is not in its rules", () => {
  const { configure, plan } = start({ plan: () => ["size"] }, { forceNew: ["name"] });
  configure("one", "A");
  expect(plan("one", { ...config, id: "1" }, { ...config, id: "1", name: "b" })).toMatchObject({
    requires_replace: [
      { steps: [{ attribute_name: "name" }] },
      { steps: [{ attribute_name: "size" }] },
    ],
  });
});

test("a provider that is not configured does not work", () => {
  const { double } = start();
  const request = { type_name: "widget", config: toWire(config) };
  expect(double.handle("ReadDataSource", request, "nobody")).toMatchObject({
    diagnostics: [{ summary: "the provider factory is not configured" }],
  });
});

test.each<[string, ObjectValue]>([
  ["one attribute", { name: "b", size: 1 }],
  ["another one", { name: "a", size: 2 }],
])("objects of the same id are told apart by %s", (_what, other) => {
  const { configure, apply, read } = start({}, { identifier: ["name", "size"] });
  configure("one", "A");
  const a = apply("one", null, { ...config, id: "", name: "a", size: 1 });
  const b = apply("one", null, { ...config, id: "", ...other });
  expect(apply("one", a, null)).toBeNull();
  expect(read("one", a)).toBeNull();
  expect(read("one", b)).toEqual(b);
});

test("a refused change is not made", () => {
  const { configure, plan, double, read } = start({
    authorize: () => {
      throw new Refusal("403");
    },
    computed: () => ({ id: "1" }),
  });
  configure("one", "A");
  const { planned_state } = plan("one", null, config);
  const request = { type_name: "widget", planned_state, config: toWire(config) };
  const answer = double.handle("ApplyResourceChange", request, "one");
  expect(answer).toMatchObject({ diagnostics: [{ summary: "403" }] });
  expect(read("one", { id: "1" })).toBeNull();
});

test("a second object of the same id is refused", () => {
  const { configure, plan, apply, double } = start({ computed: () => ({ id: "1" }) });
  configure("one", "A");
  apply("one", null, config);
  const { planned_state } = plan("one", null, config);
  const request = { type_name: "widget", planned_state, config: toWire(config) };
  expect(double.handle("ApplyResourceChange", request, "one")).toMatchObject({
    diagnostics: [{ summary: "creating widget: 1 already exists" }],
  });
});

test("every call is reported with its configuration", () => {
  const { calls, configure } = start();
  configure("one", "A");
  expect(calls).toEqual([
    { provider: "factory", method: "ConfigureProvider", type: undefined, config: { account: "A" } },
  ]);
});

describe("a name that only one object may have", () => {
  const rules = { unique: ["name"] };
  const create = (peer: string, { plan, double }: ReturnType<typeof start>) => {
    const { planned_state } = plan(peer, null, config);
    const request = { type_name: "widget", planned_state, config: toWire(config) };
    return double.handle("ApplyResourceChange", request, peer);
  };

  test("is refused for a second object of the same account", () => {
    const started = start({}, rules);
    started.configure("one", "A");
    started.apply("one", null, config);
    expect(create("one", started)).toMatchObject({
      diagnostics: [{ summary: 'creating widget: name "a" already exists' }],
    });
  });

  test("stays when the object changes, and is free after a destroy and in another account", () => {
    const started = start({}, rules);
    started.configure("one", "A");
    started.configure("other", "B");
    const made = started.apply("one", null, config);
    expect(started.apply("one", made, { ...made, secret_wo: null })).toMatchObject({ name: "a" });
    expect(create("other", started)).not.toHaveProperty("diagnostics");
    started.apply("one", made, null);
    expect(create("one", started)).not.toHaveProperty("diagnostics");
  });
});
