import type { OrgEntry } from "../../lib";
import { entry } from "../support/sample-org";
import { homeRegistry, homeStack, resources } from "../support/state-stacks";

const orgs = (count: number, patch: Partial<OrgEntry> = {}): OrgEntry[] =>
  Array.from({ length: count }, (_, index) =>
    entry(`customer-${index}`, 1, {
      organizationId: `11111111-1111-4111-8111-${String(index).padStart(12, "0")}`,
      state: { home: "home", lock: "both" },
      ...patch,
    }),
  );

test("a home with 300 orgs is the same, to the byte, as one with a single org", () => {
  const [one, many] = [1, 300].map((count) => homeStack(homeRegistry(orgs(count))).stack);
  expect(many).toEqual(one);
});

test("the bucket policy has room: AWS allows 20,480 characters", () => {
  const trustedAccounts = Array.from({ length: 50 }, (_, index) => `4${index}`.padEnd(12, "0"));
  const { stack } = homeStack(homeRegistry(orgs(300), { trustedAccounts }));
  const sizes = resources(stack, "aws_s3_bucket_policy").map(({ policy }) => `${policy}`.length);
  expect(Math.max(...sizes)).toBeLessThan(10_000);
});

describe("roles of an account, of which AWS allows 1,000", () => {
  const warnings = (entries: OrgEntry[]) => homeStack(homeRegistry(entries)).warnings;

  test("are no concern up to 266 orgs", () => {
    expect(warnings(orgs(266))).toEqual([]);
  });

  test("are warned of from 267 orgs on, before a deploy meets the limit", () => {
    expect(warnings(orgs(267))).toEqual([
      'Account 111111111111 has 801 roles of orgs, and AWS allows 1000 by default. Raise the quota "Roles per account", or add a state home in another account.',
    ]);
  });

  test("are three more for each org whose clients rotate in the account", () => {
    const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];
    const oauthClients = [{ name: "crm-sync", permissions }];
    expect(warnings(orgs(133, { oauthClients }))).toEqual([]);
    expect(warnings(orgs(134, { oauthClients }))).toEqual([
      expect.stringMatching(/^Account 111111111111 has 804 roles of orgs/),
    ]);
    const aws = { account: "222222222222", region: "us-east-1" };
    expect(warnings(orgs(134, { oauthClients, aws }))).toEqual([]);
  });

  test("are not counted for orgs that are retired", () => {
    expect(warnings(orgs(300, { retired: true }))).toEqual([]);
  });
});
