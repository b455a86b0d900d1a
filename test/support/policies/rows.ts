import type { Org, StateRole } from "../../../lib";
import { githubEnvironmentOf } from "../../../lib/registry/names";
import type { Documents } from "./documents";
import { isAllowed, type Principal } from "./evaluate";
import { type Operation, type Operations, operations } from "./operations";
import { GITHUB, type Principals, principals, type World } from "./world";

/** A statement about the policies: somebody may do something, or may not. */
export interface Row {
  readonly what: string;
  readonly who: Principal;
  readonly does: Operation;
  readonly allowed: boolean;
}

/** What rows are made with. */
export interface Scene {
  readonly who: Principals;
  readonly does: Operations;
  readonly org: (name: string) => Org;
  readonly may: (what: string, who: Principal, does: Operation) => Row;
  readonly mayNot: (what: string, who: Principal, does: Operation) => Row;
}

export function sceneOf(world: World): Scene {
  const [home] = world.registry.homes;
  if (!home) throw new Error("there is no home");
  const row = (allowed: boolean) => (what: string, who: Principal, does: Operation) => ({
    what: `${what}: ${allowed ? "allowed" : "denied"}`,
    who,
    does,
    allowed,
  });
  return {
    who: principals(world),
    does: operations(home),
    org: (name) => world.registry.get(name),
    may: row(true),
    mayNot: row(false),
  };
}

/** Whether everything that an operation asks for is allowed. */
export async function verdict({ who, does }: Row, documents: Documents): Promise<boolean> {
  for (const check of does) {
    const policy = typeof check.policy === "string" ? documents.get(check.policy) : check.policy;
    if (check.policy !== undefined && !policy) throw new Error(`no policy ${check.policy}`);
    if (!(await isAllowed(who, check, policy))) return false;
  }
  return true;
}

/** Claims of a workflow's token, for a job in the environment of an org's role. */
export function claims(org: string, role: StateRole): Record<string, string> {
  const environment = githubEnvironmentOf(org, role);
  return {
    aud: "sts.amazonaws.com",
    sub: `repo:${GITHUB.repository}:environment:${environment}`,
    repository_id: GITHUB.repositoryId,
    environment,
  };
}
