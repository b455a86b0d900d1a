import type { OrgRegistry } from "../../../lib";
import { accessStack, homeStack, resources, type Synthesized } from "../state-stacks";
import type { Document } from "./evaluate";

/** Policies by their names, such as `bucket`, `key of one`, `writer of one`, `trust of writer of one`. */
export type Documents = ReadonlyMap<string, Document>;

const ROLES = ["reader", "writer", "unlocker"];

/**
 * The policies of a registry's home and of all access to it, as they are in the synthesized
 * stacks. Keys have their recorded ARNs in them.
 */
export function documentsOf(registry: OrgRegistry): Documents {
  const [home] = registry.homes;
  const { stack } = homeStack(registry);
  const read = (text: unknown, keyArn: string | undefined) => documentIn(text, keyArn);
  const buckets = resources(stack, "aws_s3_bucket_policy").map(({ policy }) => policy);
  const [logs, states] = buckets.map((policy) => read(policy, undefined));
  const documents = new Map<string, Document>();
  const add = (name: string, document: Document | undefined) => {
    if (!document) throw new Error(`there is no policy ${name}`);
    documents.set(name, document);
  };
  add("bucket", states);
  add("bucket of access logs", logs);
  add("key of the home", keyPolicyIn(stack, home?.kmsKeyArn));
  for (const org of registry.orgs) {
    const access = accessStack(org);
    const { kmsKeyArn } = org.state;
    add(`key of ${org.name}`, keyPolicyIn(access, kmsKeyArn));
    if (org.retired) continue;
    for (const role of ROLES) {
      const ofRole = (type: string, key: string) =>
        Object.entries(access.resource[type] ?? {}).find(([name]) => name.includes(key))?.[1];
      const policy = ofRole("aws_iam_role_policy", `_${role}-policy`)?.policy;
      const trust = ofRole("aws_iam_role", `_${role}_`)?.assume_role_policy;
      add(`${role} of ${org.name}`, read(policy, kmsKeyArn));
      add(`trust of ${role} of ${org.name}`, read(trust, kmsKeyArn));
    }
  }
  return documents;
}

const keyPolicyIn = (stack: Synthesized, keyArn: string | undefined) =>
  documentIn(resources(stack, "aws_kms_key")[0]?.policy, keyArn);

/** A policy as AWS gets it: what Terraform makes of the string in its configuration. */
function documentIn(text: unknown, keyArn: string | undefined): Document {
  const json = `${text}`
    .replaceAll(/(?<!\$)\$\{aws_kms_key\.[^}]+\.arn\}/g, keyArn ?? "no key")
    .replaceAll("$${", "${");
  return JSON.parse(json);
}
