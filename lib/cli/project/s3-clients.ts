import type { S3Client } from "@aws-sdk/client-s3";
import { connections, loadS3, TIME_LIMITS } from "../../aws/sdk";

/** The server of a bucket: a part of the `s3` block of a synthesized backend. */
export interface S3Server {
  readonly region: string;
  readonly use_path_style?: boolean;
  readonly endpoints?: { readonly s3?: string; readonly dynamodb?: string };
}

/** Clients of S3, one for each server: each client logs in at AWS by itself. */
export class S3Clients {
  readonly #clients = new Map<string, S3Client>();

  /** @param limits time limits for an answer */
  constructor(private readonly limits: typeof TIME_LIMITS = TIME_LIMITS) {}

  /** Returns the client for buckets of a server. */
  of({ region, endpoints, use_path_style: forcePathStyle }: S3Server): S3Client {
    const place = { region, endpoint: endpoints?.s3, forcePathStyle };
    const key = JSON.stringify(place);
    const known = this.#clients.get(key);
    if (known) return known;
    const { S3Client } = loadS3();
    const client = new S3Client({
      ...place,
      requestHandler: connections(this.limits),
      // Not every S3-compatible store knows the SDK's own checksums.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    });
    this.#clients.set(key, client);
    return client;
  }

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
    this.#clients.clear();
  }
}
