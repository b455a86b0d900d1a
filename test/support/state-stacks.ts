import { Testing } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import {
  AccessStack,
  type ConsumerEntry,
  HomeStack,
  type Org,
  type OrgEntry,
  OrgRegistry,
  OrgStateAccess,
  StateHome,
  type StateHomeEntry,
  type StateHomeProps,
} from "../../lib";
import { temporaryFolder } from "./folders";
import { HOME, keyArn, testApp } from "./sample-org";

/** Terraform JSON, as far as tests look into it. */
export interface Synthesized {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  readonly terraform: { readonly backend: Readonly<Record<string, Record<string, unknown>>> };
  readonly output: Readonly<Record<string, Record<string, unknown>>>;
}

/** A registry with one home, whose own key and the orgs' are recorded. */
export function homeRegistry(
  orgs: OrgEntry[],
  home: Partial<StateHomeEntry> = {},
  consumers: readonly ConsumerEntry[] = [],
): OrgRegistry {
  const keys = orgs.map(({ name }, index) => [name, { kmsKeyArn: keyArn(index + 1) }] as const);
  const { account, region, bucket } = HOME;
  const recorded = { account, region, bucket, kmsKeyArn: keyArn(0) };
  return OrgRegistry.of({
    homes: [{ ...HOME, ...home }],
    orgs,
    consumers,
    record: { version: 1, homes: { home: { ...recorded, orgs: Object.fromEntries(keys) } } },
  });
}

/** The stack of a registry's home, and the warnings of its constructs. */
export function homeStack(
  registry: OrgRegistry,
  props: Omit<StateHomeProps, "home" | "orgs"> = {},
): { stack: Synthesized; warnings: string[] } {
  const [home] = registry.homes;
  if (!home) throw new Error("there is no home");
  const stack = new HomeStack(testApp(temporaryFolder()), home);
  // In a construct of its own, as a deployment might have it.
  const part = new Construct(stack, "part");
  new StateHome(part, "home", { home, orgs: registry.orgs, ...props });
  return { stack: JSON.parse(Testing.synth(stack)), warnings: warningsOf(stack) };
}

/** The stack of an org's access to its home. */
export function accessStack(org: Org): Synthesized {
  const stack = new AccessStack(testApp(temporaryFolder()), org);
  new OrgStateAccess(new Construct(stack, "part"), "access", { org });
  return JSON.parse(Testing.synth(stack));
}

/** All resources of a type. */
export const resources = ({ resource }: Synthesized, type: string) =>
  Object.values(resource?.[type] ?? {});

const warningsOf = (scope: IConstruct): string[] =>
  scope.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === "@cdktf/warn")
    .map(({ data }) => data as string);
