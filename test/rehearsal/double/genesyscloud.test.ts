import { type Canary, worldOf } from "../../../lib/rehearsal";
import { type ObjectValue, UNKNOWN } from "../../../lib/rehearsal/double/core/value";
import { genesyscloudBehaviour } from "../../../lib/rehearsal/double/genesyscloud/index";
import { orgReport } from "../reports";

const world = worldOf({ orgs: [orgReport("na-prod"), orgReport("eu-prod")] });
const [deployer, planner, , other] = world.clients;
const store = { objects: () => [] };

const configOf = (client = deployer): ObjectValue => ({
  oauthclient_id: client?.id ?? "",
  oauthclient_secret: client?.secret ?? "",
  aws_region: client?.region ?? "",
});
const connect = (config: ObjectValue, onSecret?: (secret: Canary) => void) =>
  genesyscloudBehaviour(world, onSecret).configure(config);

describe("a login", () => {
  test.each<[string, ObjectValue, RegExp]>([
    ["an unknown client", { oauthclient_id: "nobody" }, /No client "nobody" exists/],
    ["a wrong secret", { oauthclient_secret: "wrong" }, /secret of client ".*" does not match/],
    ["another client's secret", { oauthclient_secret: other?.secret ?? "" }, /does not match/],
    ["no client", { oauthclient_id: null }, /oauthclient_id is empty or not known yet/],
    ["another region", { aws_region: "eu-west-1" }, /belongs to region us-east-1/],
    ["no region", { aws_region: null }, /belongs to region us-east-1/],
    [
      "an access token",
      { access_token: "token" },
      /accepts OAuth clients only, not an access token/,
    ],
  ])("with %s is refused", (_what, patch, why) => {
    expect(() => connect({ ...configOf(), ...patch })).toThrow(/Auth Error: 401 - invalid_client/);
    expect(() => connect({ ...configOf(), ...patch })).toThrow(why);
  });

  test("never names a secret when it is refused", () => {
    expect(() => connect({ ...configOf(), oauthclient_secret: "wrong" })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("CANARY") }),
    );
  });

  test("answers as the organisation whose client it is", () => {
    const me = (client: typeof deployer) =>
      connect(configOf(client)).data?.("genesyscloud_organizations_me", {}, store);
    expect(me(deployer)).toMatchObject({ id: deployer?.organizationId, name: "na-prod" });
    expect(me(other)).toMatchObject({ id: other?.organizationId, name: "eu-prod" });
  });
});

describe("a planner", () => {
  test("may read", () => {
    const session = connect(configOf(planner));
    expect(session.data?.("genesyscloud_auth_division_home", {}, store)).toMatchObject({
      name: "Home",
    });
  });

  test.each(["create", "update", "delete"] as const)("may not %s", (operation) => {
    const authorize = () =>
      connect(configOf(planner)).authorize?.(operation, "genesyscloud_auth_role", { name: "x" });
    expect(authorize).toThrow(/API Error: 403/);
    expect(() =>
      connect(configOf()).authorize?.(operation, "genesyscloud_auth_role", { name: "x" }),
    ).not.toThrow();
  });
});

describe("a new OAuth client", () => {
  const make = (patch: ObjectValue, prior: ObjectValue | null = null) => {
    const secrets: Canary[] = [];
    const session = connect(configOf(), (secret) => secrets.push(secret));
    const planned: ObjectValue = { name: "Production-Crm", client_secret: UNKNOWN, ...patch };
    const object = {
      type: "genesyscloud_oauth_client",
      planned,
      config: planned,
      prior,
      seed: "s",
    };
    return { values: session.computed?.(object), secrets };
  };

  test("has an id of its own and, unless it is asked for, no secret", () => {
    const { values, secrets } = make({});
    expect(values).toMatchObject({ client_secret: "" });
    expect(values?.client_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(secrets).toEqual([]);
  });

  test("shows its secret when it is created, if asked to", () => {
    const { values, secrets } = make({ expose_client_secret: true });
    expect(values?.client_secret).toMatch(/^CANARY\+/);
    expect(secrets).toEqual([
      { org: "na-prod", credential: "Production-Crm", value: values?.client_secret },
    ]);
  });

  test("does not show it later", () => {
    expect(make({ expose_client_secret: true }, { id: "1" }).values?.client_secret).toBe("");
  });
});
