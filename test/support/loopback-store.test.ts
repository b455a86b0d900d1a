import { memoryS3 } from "./loopback-s3";
import { type LoopbackStore, type LoopbackStoreProps, startLoopbackStore } from "./loopback-store";
import { HOME } from "./sample-org";

let store: LoopbackStore;
afterEach(() => store?.stop());

const KEY = "orgs/na-prod/terraform.tfstate.tflock";

/** Statuses of ten writes of one object, all sent at once. */
async function writeAtOnce(props?: LoopbackStoreProps): Promise<number[]> {
  store = await startLoopbackStore(props);
  const { s3 } = store.backendSettings.endpoints as { s3: string };
  const headers = { "if-none-match": "*", "x-amz-date": "20200101T000000Z" };
  const writes = Array.from({ length: 10 }, (_, index) =>
    fetch(`${s3}/${HOME.bucket}/${KEY}`, { method: "PUT", headers, body: `writer ${index}` }),
  );
  return (await Promise.all(writes)).map(({ status }) => status);
}

test("of ten lock files written at once, the store takes one", async () => {
  const statuses = await writeAtOnce();
  expect(statuses.sort()).toEqual([200, ...Array(9).fill(412)]);
  const winner = store.log.find(([, { status }]) => status === 200)?.[0];
  expect(await store.object(KEY)).toBe(winner?.body.toString());
  expect(store.log.at(-1)?.[1].body.toString()).toContain("<Code>PreconditionFailed</Code>");
});

test("a store without conditional writes takes every one", async () => {
  const statuses = await writeAtOnce({ conditionalWrites: false });
  expect(statuses).toEqual(Array(10).fill(200));
});

// Moto sends all of them.
test("a page of a list has at most 1000 objects, even if more are asked for", async () => {
  const { handler } = memoryS3(["b"], true);
  const ask = (method: string, url: string) =>
    handler({ method, url, headers: {}, body: Buffer.alloc(0) });
  for (let index = 0; index <= 1000; index++) await ask("PUT", `/b/${index}`);
  const { body } = await ask("GET", "/b?list-type=2&max-keys=5000");
  expect(body.toString().match(/<Key>/g)).toHaveLength(1000);
  expect(body.toString()).toContain("<IsTruncated>true</IsTruncated>");
});
