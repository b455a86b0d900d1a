/** The part of the Genesys Cloud secrets engine that `genesys-orgs broker` uses, as the real one answers. */
export class FakeEngine {
  /** Writes and rotations, with the fields that were sent. */
  readonly calls: (readonly [path: string, fields: Readonly<Record<string, unknown>>])[] = [];
  /** The configuration with the master's secret; undefined until it is written. */
  stored: Readonly<Record<string, unknown>> | undefined;
  /** What the next write is refused with. */
  refusal: string | undefined;
  private readonly made = new Set<unknown>();

  constructor(readonly mount: string) {}

  /** Answers a request; undefined if it is not for this mount. */
  handle(method: string, below: string, body: string) {
    if (!below.startsWith(`${this.mount}/`)) return undefined;
    const path = below.slice(this.mount.length + 1);
    if (method === "GET") {
      if (!this.stored) return { status: 404, body: { errors: [] } };
      const { client_secret: _, ...shown } = this.stored;
      return {
        status: 200,
        body: { data: { ...shown, own_master: this.made.has(shown.client_id) } },
      };
    }
    const fields = JSON.parse(body);
    this.calls.push([path, fields]);
    if (this.refusal !== undefined) {
      // Seen with Vault 1.21.0: a heading and bullets around what the engine says.
      const errors = [`1 error occurred:\n\t* ${this.refusal}\n\n`];
      return { status: 400, body: { errors } };
    }
    if (path === "config") {
      this.stored = { ...this.stored, ...fields };
      return { status: 204 };
    }
    const client_id = `engine-master-${this.made.size + 1}`;
    this.made.add(client_id);
    this.stored = { ...this.stored, client_id, client_secret: "test-secret-of-the-engine" };
    return { status: 200, body: { data: { client_id } } };
  }
}
