import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import type { KeyObject } from "node:crypto";
import { once } from "node:events";
import { request as plain } from "node:http";
import { request as overTls } from "node:https";
import { createInterface } from "node:readline";

/** An answer of Vault. */
export interface VaultAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what Vault wrote, and fails where it did not.
  readonly body: any;
}

/** How a server is started. */
export interface VaultServerProps {
  /** Folder of the storage, which outlives the server. @default - in memory */
  readonly storage?: string;
  /** PEM files of its certificate, and the certificate that signed it. @default - plain HTTP */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly ca: string };
  /** Folder with plugins that may be registered. @default - none */
  readonly plugins?: string;
  /** Milliseconds between two runs of the periodic work of its engines. @default - a minute */
  readonly rollbackPeriod?: number;
}

/** What tests say that need the server, and do not have it. */
export const VAULT_SERVER_MISSING =
  "the Vault server is missing: run `go build -C test/e2e/vault-server -o <file> .`, and set VAULT_SERVER to the file";

/** A real Vault server on loopback, initialized and unsealed. */
export class VaultServer {
  private child: ChildProcess | undefined;
  private key = "";
  private listen = "127.0.0.1:0";
  address = "";
  version = "";
  rootToken = "";

  private constructor(private readonly props: VaultServerProps) {}

  static async start(props: VaultServerProps = {}): Promise<VaultServer> {
    const server = new VaultServer(props);
    await server.launch();
    const { body } = await server.send("PUT", "sys/init", {
      secret_shares: 1,
      secret_threshold: 1,
    });
    server.rootToken = body.root_token;
    server.key = body.keys_base64[0];
    await server.unseal();
    return server;
  }

  private async launch(): Promise<void> {
    const { storage, tls, plugins, rollbackPeriod } = this.props;
    const args = [
      ["-listen", this.listen],
      storage === undefined ? [] : ["-storage", storage],
      tls === undefined ? [] : ["-tls-cert", tls.certificate, "-tls-key", tls.key],
      plugins === undefined ? [] : ["-plugins", plugins],
      rollbackPeriod === undefined ? [] : ["-rollback-period", `${rollbackPeriod}ms`],
    ].flat();
    // It ends with its standard input, so also with this process. Its plugins are in its group.
    const child = spawn(process.env.VAULT_SERVER as string, args, {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    let problems = "";
    child.stderr.on("data", (text) => {
      problems += text;
    });
    const lines = createInterface(child.stdout);
    const first = await Promise.race([
      once(lines, "line").then(([line]) => String(line)),
      once(child, "exit").then(() => {
        throw new Error(`the Vault server ended: ${problems}`);
      }),
    ]);
    const { address, version } = JSON.parse(first) as { address: string; version: string };
    this.child = child;
    this.address = address;
    this.listen = new URL(address).host;
    this.version = version;
  }

  /** Sends a request, by default with the root token. */
  async send(
    method: string,
    path: string,
    body?: object,
    token = this.rootToken,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<VaultAnswer> {
    const url = new URL(`${this.address}/v1/${path}`);
    return new Promise((resolve, reject) => {
      const options = {
        method,
        agent: false as const,
        headers: { ...(token && { "x-vault-token": token }), ...headers },
        ca: this.props.tls?.ca,
      };
      const sent = (url.protocol === "https:" ? overTls : plain)(url, options, async (answer) => {
        const text = Buffer.concat(await answer.toArray()).toString();
        resolve({ status: answer.statusCode ?? 0, body: text === "" ? {} : JSON.parse(text) });
      });
      sent.once("error", reject);
      sent.end(body && JSON.stringify(body));
    });
  }

  /** Sends a request, and returns how its sender gives up. */
  begin(method: string, path: string): () => void {
    const headers = { "x-vault-token": this.rootToken };
    const sent = plain(new URL(`${this.address}/v1/${path}`), { method, agent: false, headers });
    sent.on("error", () => {});
    sent.end();
    return () => sent.destroy();
  }

  /** Sends a request that must succeed. */
  async must(...request: Parameters<VaultServer["send"]>): Promise<VaultAnswer["body"]> {
    const { status, body } = await this.send(...request);
    if (status < 400) return body;
    throw new Error(`${request[0]} ${request[1]}: ${status} ${JSON.stringify(body)}`);
  }

  async unseal(): Promise<void> {
    await this.must("PUT", "sys/unseal", { key: this.key });
    // Vault answers before its engines are ready.
    while ((await this.send("GET", "sys/health")).status !== 200) await soon();
  }

  seal(): Promise<void> {
    return this.must("PUT", "sys/seal");
  }

  /** Ends the server and its plugins, as a crash of the machine does; its storage stays. */
  async crash(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await ended;
  }

  /** Ends the processes of its plugins, and waits until it has noticed. */
  async crashPlugins(): Promise<void> {
    const plugins = childrenOf(this.child?.pid ?? 0);
    for (const pid of plugins) process.kill(pid, "SIGKILL");
    while (childrenOf(this.child?.pid ?? 0).some((pid) => plugins.includes(pid))) await soon();
  }

  /** Starts the server again at its address, on its storage. */
  async restart(): Promise<void> {
    await this.crash();
    await this.launch();
    await this.unseal();
  }

  async stop(): Promise<void> {
    await this.crash();
  }

  /** Mounts a KV engine, and waits until it is ready. */
  async mountKv(mount: string, version: "1" | "2" = "2"): Promise<void> {
    await this.must("POST", `sys/mounts/${mount}`, { type: "kv", options: { version } });
    // Version 2 prepares its storage first.
    while (version === "2" && (await this.send("GET", `${mount}/config`)).status !== 200) {
      await soon();
    }
  }

  /** Enables the login by JWT, for JWTs that a key has signed. */
  async acceptJwts(key: KeyObject): Promise<void> {
    await this.must("POST", "sys/auth/jwt", { type: "jwt" });
    const pem = key.export({ type: "spki", format: "pem" });
    await this.must("POST", "auth/jwt/config", { jwt_validation_pubkeys: [pem] });
  }

  /** Creates a token with policies, and with Vault's own policy `default`. */
  async token(policies: readonly string[], more: object = {}): Promise<string> {
    const { auth } = await this.must("POST", "auth/token/create-orphan", { policies, ...more });
    return auth.client_token;
  }
}

function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}

const soon = () => new Promise((done) => setTimeout(done, 20));
