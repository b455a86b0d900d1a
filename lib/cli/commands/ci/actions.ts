import { Command } from "commander";
import { ACTIONS, type PinnedAction } from "../../../ci/actions";
import { UserError } from "../../../errors";
import { ApiError } from "../../../http/api-error";
import { proxiedFetch } from "../../../http/proxy";
import { ResilientFetch } from "../../../http/resilient-fetch";
import { ReportedFailure } from "../../terminal/failure";
import { type Io, writeJson } from "../../terminal/io";
import { jsonOption } from "../../terminal/options";
import { renderTable } from "../../terminal/table";

/** `genesys-orgs ci actions`. */
export const actionsCommand = (io: Io): Command =>
  new Command("actions")
    .summary("compare the actions of the workflows with their newest releases")
    .description(
      "Compare the pinned actions of the workflows for GitHub with their newest releases. It fails if a release of the next major version exists, or if a tag is no longer at the pinned commit",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Asks api.github.com, with GITHUB_TOKEN if it is set. A newer version of this package has newer actions.`,
    )
    .action((options: { json?: boolean }) => compareActions(io, options));

/** A pinned action, compared with its releases. */
interface Comparison extends PinnedAction {
  readonly newest: string;
  /** `moved`: the tag is at another commit than when it was pinned. */
  readonly result: "newest" | "newer release" | "newer major version" | "moved";
}

async function compareActions(io: Io, { json }: { json?: boolean }): Promise<void> {
  const github = new GitHubApi(io.env);
  const compared: Comparison[] = [];
  for (const action of Object.values<PinnedAction>(ACTIONS)) {
    const [newest, commit] = await Promise.all([
      github.newestRelease(action.repository),
      github.commitOf(action.repository, action.version),
    ]);
    compared.push({ ...action, newest, result: resultOf(action, newest, commit) });
  }
  if (json) writeJson(io, { actions: compared });
  else {
    const rows = compared.map((each) => [each.repository, each.version, each.newest, each.result]);
    io.stdout.write(renderTable(io, ["action", "pinned", "newest", "result"], rows));
  }
  const bad = compared.some(({ result }) => ["newer major version", "moved"].includes(result));
  if (bad) throw new ReportedFailure();
}

function resultOf({ version, commit }: PinnedAction, newest: string, now: string) {
  if (now !== commit) return "moved";
  if (newest === version) return "newest";
  return majorOf(newest) > majorOf(version) ? "newer major version" : "newer release";
}

const majorOf = (version: string): number => Number(/\d+/.exec(version)?.[0] ?? 0);

/** The calls of GitHub's REST API that tell releases. */
class GitHubApi {
  private readonly http = new ResilientFetch({ fetch: proxiedFetch });
  private readonly address: string;

  constructor(private readonly env: NodeJS.ProcessEnv) {
    this.address = env.GITHUB_API_URL ?? "https://api.github.com";
  }

  async newestRelease(repository: string): Promise<string> {
    const answer = await this.get(`repos/${repository}/releases/latest`);
    return String((answer as { tag_name?: unknown }).tag_name);
  }

  async commitOf(repository: string, ref: string): Promise<string> {
    const answer = await this.get(`repos/${repository}/commits/${ref}`);
    return String((answer as { sha?: unknown }).sha);
  }

  private async get(path: string): Promise<object> {
    const { GITHUB_TOKEN: token } = this.env;
    try {
      const { body } = await this.http.send({
        method: "GET",
        url: `${this.address}/${path}`,
        name: `GET ${path} of ${this.address}`,
        headers: {
          accept: "application/vnd.github+json",
          ...(token && { authorization: `Bearer ${token}` }),
        },
      });
      return Object(body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw new UserError(
        `${error.message}: GitHub must be reachable, and allows 60 calls an hour without GITHUB_TOKEN`,
      );
    }
  }
}
