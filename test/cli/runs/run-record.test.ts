import type { RunRecord } from "../../../lib/cli/runs/run-record";
import { newRunId } from "../../../lib/cli/runs/run-record";
import { serveWithout } from "../../support/denying-front";
import { type Front, forwardTo, serve } from "../../support/loopback-front";
import {
  type LoopbackStore,
  startLoopbackStore,
  useLoopbackCredentials,
} from "../../support/loopback-store";
import { failure } from "../../support/s3-messages";
import { HOME } from "../../support/sample-org";
import { backendOn, KEY_ARN, RUN, record, writeRecord } from "./records";

useLoopbackCredentials();

const BEGUN = `orgs/na-prod/runs/${RUN}.begun.json`;
const PLACE = `s3://${HOME.bucket}/${BEGUN}`;

let store: LoopbackStore;
let front: Front | undefined;
beforeEach(async () => {
  store = await startLoopbackStore();
});
afterEach(async () => {
  await front?.stop();
  front = undefined;
  await store.stop();
});

const write = (patch: Partial<RunRecord> = {}, backend = backendOn(store)) =>
  writeRecord(backend, record(patch));
const s3 = () => (store.backendSettings.endpoints as { s3: string }).s3;

describe("a record of a run", () => {
  test("is written next to the state, encrypted as the state is, and only if there is none", async () => {
    await write();
    expect(store.log[0]?.[0].headers).toMatchObject({
      "if-none-match": "*",
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": KEY_ARN,
      "x-amz-sdk-checksum-algorithm": "SHA256",
    });
    expect(JSON.parse((await store.object(BEGUN)) ?? "")).toEqual(record());
  });

  test("has one object for the begin of a run and one for its end, and own ones for a component", async () => {
    await write();
    await write({ event: "ended", outcome: "applied" });
    await write({ stack: "org-na-prod.network" });
    const objects = store.log.map(([{ url }]) => url.split("/").slice(5).join("/").split("?")[0]);
    expect(objects).toEqual([
      `${RUN}.begun.json`,
      `${RUN}.ended.json`,
      `${RUN}.network.begun.json`,
    ]);
  });

  test("has no further fields of an object at hand, such as an error with a value", async () => {
    await write({
      error: "invalid: s3cr3t",
      author: { user: "me@host", token: "s3cr3t" },
    } as object);
    expect(await store.object(BEGUN)).not.toContain("s3cr3t");
  });

  test("is not overwritten by another one of the same run", async () => {
    await write();
    await expect(write({ author: { user: "somebody@else" } })).rejects.toThrow(
      `na-prod: the record "begun" of run ${RUN} cannot be written: ${PLACE} already has another one, and an id is for one run: start a new run`,
    );
    expect(await store.object(BEGUN)).toContain("runner@ci");
  });

  test("that was written, and whose answer was lost, is no failure when it is sent again", async () => {
    await write();
    await write();
    expect(store.log.map(([, { status }]) => status)).toEqual([200, 412, 200]);
  });

  test("that the org's role may not write yet: the message names the command", async () => {
    process.env.AWS_ENDPOINT_URL_S3 = await serveWithout(s3(), ({ method }) => method === "PUT");
    await expect(write({}, backendOn(store, { endpoints: {} }))).rejects.toThrow(
      `na-prod: the record "begun" of run ${RUN} cannot be written: writing ${PLACE}: AccessDenied: Access Denied: use the credentials of the org's writer; if they are, its role is older than the records: run \`genesys-orgs state bootstrap production --org na-prod --yes\` as a state admin`,
    );
  });

  test("that an S3-compatible store denies: the message names the objects", async () => {
    const endpoint = await serveWithout(s3(), ({ method }) => method === "PUT");
    await expect(write({}, backendOn(store, { endpoints: { s3: endpoint } }))).rejects.toThrow(
      /AccessDenied: Access Denied: let the runners of na-prod create and read orgs\/na-prod\/runs\/\*\.json in the store$/,
    );
  });

  test("is written without the condition to a store that refuses conditions", async () => {
    const next = forwardTo(Number(new URL(s3()).port));
    front = await serve(async (request) =>
      "if-none-match" in request.headers
        ? failure(501, "NotImplemented", "A header is not implemented")
        : next(request),
    );
    const endpoints = { s3: front.url };
    await write({}, backendOn(store, { endpoints, use_lockfile: false }));
    expect(await store.object(BEGUN)).toContain(RUN);
  });

  test("is not encrypted in a store without encryption", async () => {
    await write({}, backendOn(store, { encrypt: false, kms_key_id: undefined }));
    expect(
      Object.keys(store.log[0]?.[0].headers ?? {}).filter((name) => name.includes("encryption")),
    ).toEqual([]);
  });
});

test("the id of a run has its time, and is never the same", () => {
  const now = Date.parse("2026-11-29T02:15:00.123Z");
  expect(newRunId(now)).toMatch(/^20261129t021500z-[0-9a-f]{8}$/);
  expect(newRunId(now)).not.toBe(newRunId(now));
  expect([newRunId(now + 1000), newRunId(now)].sort()[0]).toMatch(/^20261129t021500z/);
});
