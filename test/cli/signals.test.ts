import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { orgReport } from "../rehearsal/reports";
import { buildCommands, type RunningCommand, startCommand } from "../support/built-command";
import { temporaryFolder } from "../support/folders";
import { isAlive } from "../support/processes";
import { fakeProject } from "../support/project";
import { describeWithTerraform } from "../support/terraform";

interface RunningRehearsal extends RunningCommand {
  /** Folder for the temporary files of the rehearsal. */
  readonly temporary: string;
  /** Process ids of both Terraforms, and of what they run in mid-apply. */
  readonly pids: readonly number[];
}

/** Starts a rehearsal of two stacks, each of which takes a minute, and waits for their applies. */
async function startSlow(
  env: (notes: string) => NodeJS.ProcessEnv = () => ({}),
): Promise<RunningRehearsal> {
  const temporary = temporaryFolder();
  const notes = temporaryFolder();
  const command = `echo $$ $PPID > ${notes}/$$; exec sleep 60`;
  const slow = { provisioner: [{ "local-exec": { command } }] };
  const cwd = fakeProject({
    orgs: [orgReport("one"), orgReport("two")],
    stackOf: () => ({ resource: { terraform_data: { slow } } }),
  });
  const { child, ended, output } = startCommand(
    cwd,
    ["rehearse", "--concurrency", "2", "--allow-provisioner", "terraform_data.slow"],
    { ...env(notes), TMPDIR: temporary },
  );
  const noted = () =>
    readdirSync(notes).map((name) => readFileSync(join(notes, name), "utf8").trim());
  await until(() => noted().filter((note) => note !== "").length === 2, output);
  const pids = noted().flatMap((note) => note.split(" ").map(Number));
  return { child, temporary, ended, output, pids };
}

/** A Terraform that does not end when it is asked to. */
function stubbornTerraform(notes: string): NodeJS.ProcessEnv {
  const file = join(temporaryFolder(), "terraform");
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo "Terraform v1.11.4"; exit; fi
trap '' INT
sleep 60 &
echo $$ $! > ${notes}/$$
wait
`;
  writeFileSync(file, script, { mode: 0o755 });
  return { TERRAFORM_BINARY_NAME: file };
}

async function until(condition: () => boolean, explain: () => string): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    if (condition()) return;
    await pause(50);
  }
  throw new Error(`waited in vain: ${explain()}`);
}

test("a `terraform version` that hangs ends with the first SIGTERM", async () => {
  buildCommands();
  const [folder, notes] = [temporaryFolder(), temporaryFolder()];
  const file = join(folder, "terraform");
  writeFileSync(file, `#!/bin/sh\necho $$ > ${notes}/pid\nexec sleep 60\n`, { mode: 0o755 });
  const { child, ended, output } = startCommand(
    fakeProject({ orgs: [orgReport("one")] }),
    ["rehearse"],
    { TERRAFORM_BINARY_NAME: file },
  );
  await until(() => readdirSync(notes).length > 0, output);
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 143 });
}, 120_000);

describeWithTerraform("a rehearsal that is stopped in mid-apply", () => {
  beforeAll(buildCommands, 120_000);

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "by %s exits with %i, and leaves no process and no folder",
    async (signal, code) => {
      const { child, ended, pids, temporary, output } = await startSlow();
      expect(pids.map(isAlive)).toEqual([true, true, true, true]);
      child.kill(signal);
      expect(await ended).toMatchObject({ code });
      expect(pids.filter(isAlive)).toEqual([]);
      expect(readdirSync(temporary)).toEqual([]);
      expect(output()).toContain("2 interrupted");
    },
    60_000,
  );

  test("and whose Terraform does not end when asked ends at once by a second SIGINT", async () => {
    const { child, ended, pids, temporary } = await startSlow(stubbornTerraform);
    child.kill("SIGINT");
    await pause(300);
    expect(child.exitCode).toBeNull();
    const start = Date.now();
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130 });
    expect(Date.now() - start).toBeLessThan(3_000);
    await until(
      () => !pids.some(isAlive),
      () => `${pids} live on`,
    );
    expect(readdirSync(temporary)).toEqual([]);
  }, 60_000);
});
