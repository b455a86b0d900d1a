import { type Call, type ResilienceProps, ResilientFetch } from "../../http/resilient-fetch";

/** Properties of a {@link VaultApi}. */
export interface VaultApiProps extends ResilienceProps {
  /** URL of the Vault server. */
  readonly address: string;
  /** @default - the root namespace */
  readonly namespace?: string;
  /** @default - none, for a login */
  readonly token?: string;
}

/** A request to Vault. */
export interface VaultCall extends Pick<Call, "method" | "creates"> {
  /** Path below `/v1/`, without a query. */
  readonly path: string;
  /** @default "" */
  readonly query?: string;
  /** Written as JSON. @default - none */
  readonly content?: object;
  /**
   * Whether errors have the answer's words, where these are not known: for an engine that never puts a secret
   * into them.
   * @default false
   */
  readonly passOnErrors?: boolean;
}

/** Vault's HTTP API. No message contains the token, what was sent, or, unless it is wanted, Vault's own words. */
export class VaultApi {
  private readonly http: ResilientFetch;

  constructor(private readonly props: VaultApiProps) {
    this.http = new ResilientFetch(props);
  }

  /**
   * Returns what Vault answers.
   * @throws ApiError, whose code is one of {@link VAULT_PROBLEMS} where Vault's words are known
   */
  async send(call: VaultCall): Promise<unknown> {
    const { method, path, query = "", content, creates, passOnErrors = false } = call;
    const { address, namespace, token } = this.props;
    const answer = await this.http.send({
      method,
      url: `${address.replace(/\/+$/, "")}/v1/${path}${query}`,
      name: `${method} ${path} of ${address}`,
      headers: {
        "x-vault-request": "true",
        ...(token === undefined ? {} : { "x-vault-token": token }),
        ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
        ...(content === undefined ? {} : { "content-type": "application/json" }),
      },
      body: content && JSON.stringify(content),
      creates,
      problemIn: passOnErrors ? problemInWords : problemIn,
    });
    return answer.body;
  }
}

/**
 * Milliseconds until a request that makes an OAuth client is given up. Vault itself ends it after 90 s, and a
 * new client may take a minute until it is known everywhere. A request that is given up earlier leaves a
 * client behind, until its lease or the engine ends it.
 */
export const ENGINE_TIMEOUT = 100_000;

/** Returns a path for a URL. */
export const encodePath = (path: string): string =>
  path.split("/").map(encodeURIComponent).join("/");

/** Codes of the answers that the callers tell apart. */
export const VAULT_PROBLEMS = {
  casMismatch: "cas.mismatch",
  noMount: "no.mount",
  noRole: "no.role",
  otherPrincipal: "other.principal",
  otherServerId: "other.server.id",
  otherStsRegion: "other.sts.region",
  expiredIdentity: "expired.identity",
  unknownIdentity: "unknown.identity",
} as const;

type Problem = { readonly code?: string; readonly message?: string };

/** Vault's own messages are not passed on, since they may contain anything. */
function problemIn(body: unknown): Problem {
  const message = wordsOf(body);
  return PROBLEMS.find(([words]) => words.test(message))?.[1] ?? {};
}

const problemInWords = (body: unknown): Problem => ({ message: wordsOf(body), ...problemIn(body) });

function wordsOf(body: unknown): string {
  const { errors = [] } = (body ?? {}) as { readonly errors?: readonly unknown[] };
  // Vault puts a heading and bullets around the errors of an engine.
  return errors
    .join(" ")
    .replace(/\d+ errors? occurred:/g, "")
    .replace(/\s*\n\s*\*?\s*/g, " ")
    .trim();
}

const PROBLEMS: readonly (readonly [RegExp, Problem])[] = [
  // The login by AWS. Vault also passes on what STS answers to it.
  [/entry for role .* not found/, { code: VAULT_PROBLEMS.noRole }],
  [/does not belong to the role/, { code: VAULT_PROBLEMS.otherPrincipal }],
  [/validating X-Vault-AWS-IAM-Server-ID header/, { code: VAULT_PROBLEMS.otherServerId }],
  [/from STS: .*scoped to a valid region/s, { code: VAULT_PROBLEMS.otherStsRegion }],
  [/from STS: .*(ExpiredToken|InvalidClientTokenId)/s, { code: VAULT_PROBLEMS.expiredIdentity }],
  [/error making upstream request/, { code: VAULT_PROBLEMS.unknownIdentity }],
  [
    /check-and-set parameter did not match/,
    { code: VAULT_PROBLEMS.casMismatch, message: "another version is the newest" },
  ],
  [
    /invalid token|bad token/,
    {
      message:
        "the token has expired, was revoked, or belongs to another server or namespace: log in again",
    },
  ],
  [
    /permission denied/,
    { message: "permission denied: docs/vault.md has the policy that the token needs" },
  ],
  [/no handler for route/, { code: VAULT_PROBLEMS.noMount, message: "nothing is mounted there" }],
  [/Vault is sealed/, { message: "Vault is sealed" }],
];
