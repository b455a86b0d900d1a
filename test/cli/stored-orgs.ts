import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OrgReport } from "../../lib/registry/report";
import { orgReport } from "../rehearsal/reports";
import type { LoopbackStore } from "../support/loopback-store";
import { fakeProject } from "../support/project";
import { HOME } from "../support/sample-org";

/** `terraform_data` resources of each org, by the org's name. */
export type Orgs = Readonly<Record<string, object>>;

/** What differs from a project whose orgs are all in production. */
export interface StoredProject {
  /** Endpoint of an S3 front. @default - the store's own */
  readonly s3?: string;
  readonly patch?: (name: string) => Partial<OrgReport>;
  /** Further blocks of each stack. @default none */
  readonly blocks?: object;
}

/** Returns the names `org-1`, `org-2`, … */
export const orgNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `org-${index + 1}`);

/** Returns some orgs with the same resources. */
export const orgsWith = (count: number, resources: object): Orgs =>
  Object.fromEntries(orgNames(count).map((name) => [name, resources]));

/** Writes a project whose stacks have their states in a store. */
export const storedProject = (
  store: LoopbackStore,
  orgs: Orgs,
  { s3, patch = () => ({}), blocks = {} }: StoredProject = {},
): string =>
  fakeProject({
    orgs: Object.keys(orgs).map((name) => orgReport(name, {}, patch(name))),
    stackOf: ({ name }) => ({
      terraform: { backend: { s3: backendIn(store, `orgs/${name}/terraform.tfstate`, s3) } },
      ...(Object.keys(orgs[name] ?? {}).length > 0 && { resource: { terraform_data: orgs[name] } }),
      ...blocks,
    }),
  });

/**
 * The `s3` block of a stack whose state is in a store.
 *
 * @param s3 endpoint of an S3 front; undefined for the store's own
 */
export function backendIn(store: LoopbackStore, key: string, s3?: string): object {
  const { endpoints, ...settings } = store.backendSettings as {
    readonly endpoints: Readonly<Record<string, string>>;
  };
  return {
    bucket: HOME.bucket,
    key,
    region: HOME.region,
    use_lockfile: true,
    ...settings,
    endpoints: { ...endpoints, ...(s3 && { s3 }) },
  };
}

/** The Terraform JSON that the project's app writes for an org. */
export const stackFileOf = (project: string, name: string): string =>
  join(project, "ready/stacks", `org-${name}`, "cdk.tf.json");

/** The names and inputs of the `terraform_data` in an org's state. */
export async function inputsIn(store: LoopbackStore, name: string): Promise<object> {
  const text = await store.object(`orgs/${name}/terraform.tfstate`);
  const { resources = [] } = JSON.parse(text ?? "{}") as {
    readonly resources?: readonly {
      readonly name: string;
      readonly instances: readonly {
        readonly attributes: { readonly input?: { value: unknown } };
      }[];
    }[];
  };
  return Object.fromEntries(
    resources.map((each) => [each.name, each.instances[0]?.attributes.input?.value]),
  );
}

/** Reads a JSON file. */
export const readJson = (file: string) => JSON.parse(readFileSync(file, "utf8"));
