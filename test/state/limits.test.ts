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
