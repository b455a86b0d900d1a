import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ChildResult, runChild } from "../../lib/terraform/child";
import { rehearsalEnvironment } from "../../lib/terraform/environment";
import { temporaryFolder } from "./folders";
import { terraformHere } from "./terraform";

/** What a hand-written configuration has as the value of a sensitive output. */
export const SECRET = "test-secret-of-a-state";

/** A configuration that no construct made, run with real Terraform. */
export class HandWritten {
  private constructor(readonly folder: string) {}

  /**
   * Initializes it.
   * @param backend the `s3` block; undefined for a state that is a file in the folder
   */
  static async in(backend?: object, folder = temporaryFolder()): Promise<HandWritten> {
    const terraform = backend ? { backend: { s3: backend } } : {};
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform, ...CONFIGURATION }));
    const written = new HandWritten(folder);
    await written.run("init");
    return written;
  }

  /** @throws Error when Terraform fails */
  async run(command: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.try(command, ...args);
    if (code !== 0) throw new Error(`terraform ${command}: ${stderr}`);
    return stdout;
  }

  async try(command: string, ...args: string[]): Promise<ChildResult> {
    const terraform = await terraformHere();
    return runChild({
      command: terraform.path,
      args: [command, ...args],
      cwd: this.folder,
      env: rehearsalEnvironment(process.env, { TF_CLI_ARGS: "-no-color" }),
    });
  }

  apply(...options: string[]): Promise<string> {
    return this.run("apply", "-auto-approve", ...options);
  }
}

const CONFIGURATION = {
  variable: { size: { default: 3 } },
  resource: {
    terraform_data: {
      queue: { count: "${var.size}", input: { "<name>": "queue & ${count.index}" } },
      flow: { for_each: { b: "2", a: "1" }, input: "${each.value}" },
      skill: { input: "${terraform_data.queue[0].id}" },
    },
  },
  output: {
    skill: { value: "${terraform_data.skill.id}" },
    secret: { value: SECRET, sensitive: true },
  },
};
