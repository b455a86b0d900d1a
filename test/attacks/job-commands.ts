import { parse } from "yaml";
import { githubFiles } from "../../lib/ci/github";
import { gitlabFiles } from "../../lib/ci/gitlab";
import { DEFAULTS } from "../../lib/ci/pipeline";
import { type RegistryReport, reportHome, reportOrg } from "../../lib/registry/report";
import { registry } from "./deployment";

/** A command that a generated job runs. */
export interface JobCommand {
  /** Without `genesys-orgs`, for example `drift "$ORG" --markdown`. */
  readonly command: string;
  /** The role with which the job is logged in to AWS; undefined without a login. */
  readonly role: "reader" | "writer" | undefined;
  /** For example `plan-na`. */
  readonly environment?: string;
}

const SETTINGS = { ...DEFAULTS, command: "genesys-orgs", repository: "example/it" };
const REPORT: RegistryReport = {
  version: 1,
  homes: registry.homes.map((home) => reportHome(home, "synthesized")),
  orgs: registry.orgs.map((org) => reportOrg(org, "synthesized", "synthesized")),
  otherStacks: [],
};

const commandsIn = (script: string): string[] =>
  [...script.matchAll(/^ *genesys-orgs (.+?)(?: >.*| \|\| .*)?$/gm)].map(
    ([, command = ""]) => command,
  );

interface GitHubJob {
  readonly environment?: { readonly name: string };
  readonly steps?: readonly {
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}

/** Returns the commands of the workflows of GitHub. */
export const githubCommands = (): JobCommand[] =>
  [...githubFiles(REPORT, SETTINGS, "").values()].flatMap((text) => {
    const { jobs } = parse(text) as { readonly jobs: Readonly<Record<string, GitHubJob>> };
    return Object.values(jobs).flatMap(({ environment, steps = [] }) => {
      const logins = steps.map((step) => `${step.with?.["role-to-assume"] ?? ""}`).join("");
      const named = environment?.name.replace("${{ matrix.target.org }}", "na");
      return steps
        .flatMap(({ run = "" }) => commandsIn(run))
        .map((command) => ({ command, role: roleIn(logins), environment: named }));
    });
  });

interface GitLabJob {
  readonly extends?: readonly string[];
  readonly variables?: { readonly ROLE_ARN?: string };
  readonly script?: readonly string[];
}

/** Returns the commands of the pipeline of GitLab. */
export const gitlabCommands = (): JobCommand[] =>
  [...gitlabFiles(REPORT, SETTINGS, "").values()].flatMap((text) =>
    Object.values(parse(text) as Record<string, GitLabJob>).flatMap(
      ({ extends: parts = [], variables, script = [] }) => {
        const login = parts.includes(".genesys-login") ? `${variables?.ROLE_ARN}` : "";
        return commandsIn(script.join("\n")).map((command) => ({ command, role: roleIn(login) }));
      },
    ),
  );

function roleIn(login: string): JobCommand["role"] {
  if (login === "") return undefined;
  const [, role] = /(reader|writer)/i.exec(login) ?? [];
  if (role === undefined) throw new Error(`a job logs in with another role: ${login}`);
  return role.toLowerCase() as JobCommand["role"];
}
